import type { Mutant } from "../mutant.ts";

const FLEET = "apps/fleet/src";
const ROVER = "apps/acme-rover/src";
const ROVER_TEST = ["apps/acme-rover/test/rover.test.ts"];

/** Two robots in each other's way, and a robot of somebody else. */
export const fleetAndRover: readonly Mutant[] = [
  {
    file: `${FLEET}/precedence.ts`,
    find: "now - other.heardS < SILENT_S && mustWait",
    replace: "mustWait",
    wrong: "a robot waits for one that has not been heard of for long",
    tests: [`${FLEET}/precedence.test.ts`],
  },
  {
    file: `${FLEET}/precedence.ts`,
    find: "this.#robot < pose.robot) return;",
    replace: "this.#robot > pose.robot) return;",
    wrong: "the robot goes first that should wait",
    tests: [`${FLEET}/precedence.test.ts`],
  },
  {
    file: `${FLEET}/precedence.ts`,
    find: "const isLeaving = dx * vx + dy * vy < 0;",
    replace: "const isLeaving = dx * vx + dy * vy > 0;",
    wrong: "a robot walks towards another one that comes at it",
    tests: [`${FLEET}/precedence.test.ts`],
  },
  {
    file: `${FLEET}/precedence.ts`,
    find: "if (now - other.walkedS > UNUSED_S) return false;",
    replace: "",
    wrong: "a robot waits for ever for one that stands",
    tests: [`${FLEET}/precedence.test.ts`],
  },
  {
    file: `${FLEET}/right-of-way.ts`,
    find: "this.navCmdVel.publish(this.#mayGo() ? command : STANDSTILL)",
    replace: "this.#mayGo() && this.navCmdVel.publish(command)",
    wrong: "a robot that has to wait goes on with its last velocity for half a second",
    tests: [`${FLEET}/right-of-way.test.ts`],
  },
  {
    file: `${FLEET}/right-of-way.ts`,
    find: "    this.plannedCmdVel.onRefused(() => this.navCmdVel.publish(STANDSTILL));\n",
    replace: "",
    wrong: "a velocity of NaN does not halt the robot",
    tests: [`${FLEET}/right-of-way.test.ts`],
  },
  {
    file: `${FLEET}/right-of-way.ts`,
    find: "return this.clock.now() - this.#locatedMs > ODOMETRY_MAX_AGE_MS ? undefined : this.#here;",
    replace: "return this.#here;",
    wrong: "a robot that does not know where it is goes past the others",
    tests: [`${FLEET}/right-of-way.test.ts`],
  },
  {
    file: `${FLEET}/right-of-way.ts`,
    find: "vx: cos * forward - sin * left, vy: sin * forward + cos * left",
    replace: "vx: forward, vy: left",
    wrong: "the others hear that the robot walks where it does not",
    tests: [`${FLEET}/right-of-way.test.ts`],
  },
  {
    file: `${FLEET}/right-of-way.ts`,
    find: "{ ...Twist.qos, maxAgeMs: COMMAND_MAX_AGE_MS }",
    replace: "Twist.qos",
    wrong: "a velocity that is seconds old is passed on to the legs",
    tests: [`${FLEET}/right-of-way.test.ts`],
  },
  {
    file: `${FLEET}/fleet-mapper.ts`,
    find: "name === robot ? [] : this.#baseOf(name)",
    replace: "[]",
    wrong: "the robots map each other as walls",
    tests: [`${FLEET}/fleet-mapper.test.ts`],
  },
  {
    file: `${FLEET}/fleet-mapper.ts`,
    find: "> BASE_MAX_AGE_MS) return [];",
    replace: "> 1e9) return [];",
    wrong: "where a lost robot stood last, nothing is ever mapped",
    tests: [`${FLEET}/fleet-mapper.test.ts`],
  },
  {
    file: `${ROVER}/fence-patrol.ts`,
    find: "        for (const end of leave) end();\n        void this.cmdVel.publish(velocity(0, 0));\n",
    replace: "        for (const end of leave) end();\n",
    wrong: "the rover drives on for half a second after its patrol",
    tests: ROVER_TEST,
  },
  {
    file: `${ROVER}/fence-patrol.ts`,
    find: "const here = this.#isLost ? undefined : this.#place;",
    replace: "const here = this.#place;",
    wrong: "the rover drives on without odometry",
    tests: ROVER_TEST,
  },
  {
    file: `${ROVER}/fence-patrol.ts`,
    find: "AbortSignal.any([asked, lost.signal])",
    replace: "asked",
    wrong: "the patrol goes on by itself after the rover was lost on the way",
    tests: ROVER_TEST,
  },
  {
    file: `${ROVER}/lane-watch.ts`,
    find: "if (seesNothing(xyz)) return;",
    replace: "",
    wrong: "a rover with a covered lidar takes the way for free",
    tests: ROVER_TEST,
  },
  {
    file: `${ROVER}/lane-watch.ts`,
    find: "x > 0 && Math.abs(y) < LANE_M",
    replace: "x > 0 && y < LANE_M && y > 0",
    wrong: "the rover does not see what stands on its right",
    tests: ROVER_TEST,
  },
  {
    file: `${ROVER}/patience.ts`,
    find: "Math.min(nowMs - this.#lastMs, MOST_MS)",
    replace: "nowMs - this.#lastMs",
    wrong: "a patrol is given up because its process was held up",
    tests: ["apps/acme-rover/test/patience.test.ts"],
  },
  {
    file: `${ROVER}/rover-connection.ts`,
    find: "    this.onEstop(({ latched }) => latched && halt());\n",
    replace: "",
    wrong: "an emergency stop reaches the rover half a second late",
    tests: ["apps/acme-rover/test/rover-connection.test.ts"],
  },
];
