import type { Mutant } from "../mutant.ts";

export const cli: readonly Mutant[] = [
  {
    file: "packages/cli/src/arguments/durations.ts",
    find: "m: 60_000,",
    replace: "m: 6_000,",
    wrong: "10m is one minute, so a limit ends a patrol far too early",
    tests: ["packages/cli/src/arguments/durations.test.ts"],
  },
  {
    file: "packages/cli/src/commands/log.ts",
    find: "if (shown === 0 && count > 0) say(",
    replace: "if (shown === 0 && count > 1_000) say(",
    wrong: "a misspelt module looks like a module that logged nothing",
    tests: ["packages/cli/test/log.test.ts"],
  },
];
