import type { Mutant } from "../mutant.ts";

const SAFETY = "packages/core/src/safety";
const WORKER = "packages/core/src/worker";
const COORDINATOR = "packages/core/src/coordinator";

/** The emergency stop, holds, capabilities, and who may command. */
export const mutants: readonly Mutant[] = [
  {
    file: `${WORKER}/guard.ts`,
    find: "stalledMs >= stallMs",
    replace: "stalledMs >= 6 * stallMs",
    wrong: "a robot whose event loop blocks drives on blindly for three seconds",
    tests: [`${SAFETY}/actuator-stall.test.ts`],
  },
  {
    file: "packages/core/src/module/skill-runner.ts",
    find: "      context.signal.throwIfAborted();\n",
    replace: "",
    wrong: "background work begins although its caller has left or the robot was stopped",
    tests: ["packages/core/src/module/skill-runner.test.ts"],
  },
  {
    file: `${WORKER}/worker-safety.ts`,
    find: "AbortSignal.any([ends, waiting.abort.signal]));\n      this.refuseMotion(skill);",
    replace: "AbortSignal.any([ends, waiting.abort.signal]));",
    wrong: "a skill that waited for its turn moves the robot after an emergency stop",
    tests: [`${WORKER}/worker-safety.test.ts`],
  },
  {
    file: `${COORDINATOR}/emergency-stop.ts`,
    find: "const killed = estop.latched && ",
    replace: "const killed = ",
    wrong: "a reset that an actuator is slow to confirm kills its worker",
    tests: [`${SAFETY}/estop.test.ts`],
  },
  {
    file: `${COORDINATOR}/emergency-stop.ts`,
    find: "    unconfirmed.push({ worker",
    replace: "    if (estop.latched) unconfirmed.push({ worker",
    wrong: "a reset that an actuator does not confirm looks like one that it did",
    tests: [`${SAFETY}/estop.test.ts`],
  },
  {
    file: "packages/core/src/stream/in.ts",
    find: "if (next.sinceMs === this.#sinceMs) yield",
    replace: "yield",
    wrong: "a loop over commands drives one from before an emergency stop",
    tests: ["packages/core/src/stream/in.test.ts"],
  },
  ...["resetEstop", "publish", "unload", "stop", "metrics", "restart", "load", "streamSource"].map((name) => ({
    file: "packages/core/src/control/calls-only.ts",
    find: "CONTROL.estop]",
    replace: `CONTROL.estop, CONTROL.${name}]`,
    wrong: `somebody with the callToken alone may do "${name}"`,
    tests: ["packages/core/src/control/access.test.ts"],
  })),
  {
    file: "packages/core/src/control/calls-only.ts",
    find: "/(^|\\.)\\$/.test(String(method))",
    replace: "false",
    wrong: "somebody with the callToken alone reads and calls deep paths",
    tests: ["packages/core/src/control/access.test.ts"],
  },
  {
    file: "packages/core/src/config/global-config.ts",
    find: "token: z.string().min(16).optional()",
    replace: "token: z.string().min(1).optional()",
    wrong: "a run on the network is guarded by a token of one character",
    tests: ["packages/core/src/config/resolve.test.ts"],
  },
  {
    file: "packages/core/src/config/global-config.ts",
    find: "  callToken: z\n    .string()\n    .min(16)",
    replace: "  callToken: z\n    .string()\n    .min(1)",
    wrong: "whoever guesses a callToken of one character moves the robot",
    tests: ["packages/core/src/config/resolve.test.ts"],
  },
  {
    file: "packages/core/src/control/serve-run.ts",
    find: "    await local.close();\n",
    replace: "",
    wrong: "a run that cannot be served over TCP leaves its local server open",
    tests: ["packages/core/src/control/access.test.ts"],
  },
];
