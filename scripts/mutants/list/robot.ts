import type { Mutant } from "../mutant.ts";

const GO2 = "apps/unitree-go2";

/** The simulated Go2: its connection, its simulator, and what halts it. */
export const robot: readonly Mutant[] = [
  {
    file: `${GO2}/src/modules/go2-connection.ts`,
    find: "      isLatched = latched;\n      return link.halt(isLatched || isHeld);",
    replace: "      isLatched = latched;\n      return undefined;",
    wrong: "An emergency stop does not reach the robot.",
    tests: [`${GO2}/src/modules/go2-connection.test.ts`],
  },
  {
    file: `${GO2}/src/connection/simulated-go2.ts`,
    find: "    this.#isHalted = isHalted;\n",
    replace: "",
    wrong: "A robot that was halted follows the next velocity.",
    tests: [`${GO2}/src/modules/go2-connection.test.ts`],
  },
  {
    file: `${GO2}/src/connection/simulated-go2.ts`,
    find: "    this.#isHalted = isHalted;\n    this.brake();\n",
    replace: "    this.#isHalted = isHalted;\n",
    wrong: "A robot that is halted walks on for half a second.",
    tests: [`${GO2}/src/modules/go2-connection.test.ts`],
  },
  {
    file: `${GO2}/src/modules/replanning-a-star-planner.ts`,
    find: "      if (latched) this.#cancel();\n",
    replace: "",
    wrong: "The planner keeps its goal over an emergency stop, and drives on after the reset.",
    tests: [`${GO2}/src/modules/replanning-a-star-planner.test.ts`],
  },
  {
    file: `${GO2}/src/modules/follow-goal.ts`,
    find: "    if (signal.aborted) giveUp();\n",
    replace: "",
    wrong: "A goal whose caller aborts while the planner takes it is driven to all the same.",
    tests: [`${GO2}/src/modules/unitree-skills.test.ts`],
  },
  {
    file: `${GO2}/src/modules/go2-connection.ts`,
    find: "{ ...Twist.qos, maxAgeMs: COMMAND_MAX_AGE_MS }",
    replace: "Twist.qos",
    wrong: "The robot obeys a velocity that is seconds old.",
    tests: [`${GO2}/src/modules/go2-connection.test.ts`],
  },
  {
    file: `${GO2}/src/connection/simulator-server.ts`,
    find: "return isDriver && robot.move(",
    replace: "return robot.move(",
    wrong: "Any client of the simulator moves the robot, also one that only watches.",
    tests: [`${GO2}/src/connection/simulator-server.test.ts`],
  },
  {
    file: `${GO2}/src/connection/simulator-server.ts`,
    find: 'if (method === "halt") return args[0] !== true;',
    replace: 'if (method === "halt") return false;',
    wrong: "Any client of the simulator lets a halted robot move again.",
    tests: [`${GO2}/src/connection/simulator-server.test.ts`],
  },
  {
    file: `${GO2}/src/connection/simulator-server.ts`,
    find: "      this.#robot.brake();\n",
    replace: "",
    wrong: "A robot whose driver is gone walks on for half a second.",
    tests: [`${GO2}/src/connection/simulator-server.test.ts`],
  },
  {
    file: `${GO2}/src/modules/go2-connection.ts`,
    find: "    await link.halt(isLatched || isHeld);\n    this.cmdVel",
    replace: "    this.cmdVel",
    wrong: "A robot whose connection was restarted during a stop follows nothing any more, and nobody hears why.",
    tests: [`${GO2}/src/connection/simulator-server.test.ts`],
  },
  {
    file: `${GO2}/src/modules/go2-connection.ts`,
    find: '      isHeld = phase === "began";\n      return link.halt(isLatched || isHeld);',
    replace: '      isHeld = phase === "began";\n      return link.halt(isHeld);',
    wrong: "The end of a hold lets the robot move while the emergency stop is latched.",
    tests: [`${GO2}/src/modules/go2-connection.test.ts`],
  },
  {
    file: `${GO2}/src/modules/go2-connection.ts`,
    find: "      isLatched = latched;\n      return link.halt(isLatched || isHeld);",
    replace: "      isLatched = latched;\n      return link.halt(isLatched);",
    wrong: "The reset of an emergency stop lets the robot move while it is held.",
    tests: [`${GO2}/src/modules/go2-connection.test.ts`],
  },
  {
    file: `${GO2}/src/planning/global-planner.ts`,
    find: `const isMissed = status === "reached" && !isWithin(distanceLeft, turnLeft, tolerance);`,
    replace: "const isMissed = false;",
    wrong: "A robot that was pushed away from its goal while it came to a halt is called reached.",
    tests: [`${GO2}/src/planning/global-planner.test.ts`],
  },
  {
    file: `${GO2}/src/modules/replanning-a-star-planner.ts`,
    find: "    if (this.#isDriving) await this.navCmdVel.publish(twist(0, 0, 0));\n",
    replace: "",
    wrong: "A planner that is stopped on its way leaves its last velocity in force.",
    tests: [`${GO2}/src/modules/replanning-a-star-planner.test.ts`],
  },
  {
    file: `${GO2}/src/planning/command-guard.ts`,
    find: "const WALKING_SKIN_M = 0.04;",
    replace: "const WALKING_SKIN_M = 0;",
    wrong: "A robot that walks grazes what is beside it.",
    tests: [`${GO2}/src/planning/command-guard.test.ts`],
  },
  {
    file: "packages/core/src/worker/host.ts",
    find: "      this.#pulse?.watch(false);\n",
    replace: "",
    wrong: "The worker of an actuator that takes its time to put the robot down is killed half-way.",
    tests: ["packages/core/src/safety/actuator-stall.test.ts"],
  },
];
