import type { Mutant } from "../mutant.ts";

const END_RUN = "packages/cli/src/lifecycle/end-run.ts";
const RUNS = ["packages/cli/test/runs.test.ts"];
const RUN = ["packages/cli/test/run.test.ts"];
const USE = ["packages/cli/test/use.test.ts"];
const ESTOP = ["packages/cli/test/estop.test.ts"];
const RESTART = ["packages/cli/test/restart.test.ts"];
const OPERATOR = ["packages/cli/test/operator.test.ts"];

/** Seen in the command as users have it. */
export const builtCommand: readonly Mutant[] = [
  {
    file: END_RUN,
    find: "for (const identity of alive) signalProcess(identity, kill);",
    replace: "signalProcess(this.#run, kill);",
    wrong: "dimos stop --force leaves the workers of a run that hangs, and what they drive",
    tests: RUNS,
  },
  {
    file: END_RUN,
    find: 'if (survivors.length === 0 && how !== "asked") recordEnd(run, registry, how);',
    replace: "",
    wrong: "a run that dimos stop has killed is shown as crashed",
    tests: RUNS,
  },
  {
    file: END_RUN,
    find: "if (signal.aborted) throw interrupted(run, isAsked);",
    replace: "",
    wrong: "Ctrl-C in dimos stop goes on to SIGTERM instead of saying what becomes of the run",
    tests: OPERATOR,
  },
  {
    file: "packages/cli/src/connection/choose-run.ts",
    find: "  if (runs.length === 1) return run;\n",
    replace: "  if (runs.length >= 1) return run;\n",
    wrong: "dimos stop ends one of two robots, whichever comes first",
    tests: RUNS,
  },
  {
    file: "packages/cli/src/commands/stop.ts",
    find: '  if (names.length > 0) throw new CliError("USAGE", "--all stops every run: name none with it");\n',
    replace: "",
    wrong: "dimos stop --all NAME stops all robots",
    tests: RUNS,
  },
  {
    file: "packages/cli/src/commands/estop.ts",
    find: "const runs = wanted === undefined && options.reset !== true ? everyRun()",
    replace: "const runs = wanted === undefined ? everyRun()",
    wrong: "dimos estop --reset without a name lets every robot move again",
    tests: ESTOP,
  },
  {
    file: "packages/cli/src/commands/estop.ts",
    find: "killed) === true);",
    replace: "killed) !== false);",
    wrong: "dimos estop reports success for a run that it could not tell",
    tests: ESTOP,
  },
  {
    file: "packages/cli/src/commands/restart.ts",
    find: "...keptEstop(run, registry), ",
    replace: "",
    wrong: "dimos restart resets the emergency stop",
    tests: ESTOP,
  },
  {
    file: "packages/cli/src/commands/restart.ts",
    find: "throw refused(run, error instanceof Error ? error.message : String(error), error);",
    replace: "return undefined;",
    wrong: "dimos restart stops a robot that it cannot start again",
    tests: RESTART,
  },
  {
    file: "packages/cli/src/lifecycle/restart-plan.ts",
    find: 'pair[1] !== undefined && !pair[0].startsWith("DIMOS_")',
    replace: "pair[1] !== undefined",
    wrong: "a restarted run takes settings from the shell of whoever restarts it",
    tests: RESTART,
  },
  {
    file: "packages/cli/src/lifecycle/daemon.ts",
    find: 'controller.abort(new Error("The command that started this daemon is gone"))',
    replace: "void controller",
    wrong: "a daemon whose starter was killed comes up all the same, and nobody knows of it",
    tests: RUNS,
  },
  {
    file: "packages/cli/src/lifecycle/run-here.ts",
    find: "const signals = timeout === undefined ? signal : AbortSignal.any([signal, timeout]);",
    replace: "const signals = signal;",
    wrong: "--start-timeout does not end a start that hangs",
    tests: RUNS,
  },
  {
    file: "packages/cli/src/exit-code-of.ts",
    find: '["UNKNOWN_NAME", EXIT.usage],',
    replace: '["UNKNOWN_NAME", EXIT.failed],',
    wrong: "a script cannot tell a misspelt name from a robot that failed",
    tests: RUN,
  },
  {
    file: "packages/cli/src/main.ts",
    find: "      if (exitCode === code && performance.now() - firstMs < PASSED_ON_WITHIN_MS) return;\n",
    replace: "",
    wrong: "Ctrl-C under an older Node counts twice, and the robot has no orderly end",
    tests: OPERATOR,
  },
  {
    file: "packages/cli/src/main.ts",
    find: "      if (controller.signal.aborted) process.exit(code);\n",
    replace: "",
    wrong: "a second Ctrl-C does not end a run whose module hangs in its stop",
    tests: OPERATOR,
  },
  {
    file: "packages/cli/src/main.ts",
    find: 'if (error.code === "EPIPE") process.exit(EXIT.ok);',
    replace: "",
    wrong: "dimos log | head ends with an error",
    tests: OPERATOR,
  },
  {
    file: "packages/cli/src/connection/call-method.ts",
    find: "return isDone(value) ? EXIT.ok : EXIT.failed;",
    replace: "return EXIT.ok;",
    wrong: "a script goes on as if the robot had arrived",
    tests: USE,
  },
  {
    file: "packages/cli/src/connection/call-method.ts",
    find: "      signal,\n      onLateOutcome",
    replace: "      onLateOutcome",
    wrong: "Ctrl-C in dimos skill call does not stop the robot",
    tests: USE,
  },
  {
    file: "packages/cli/src/connection/call-method.ts",
    find: "...(timeoutMs === undefined ? {} : { timeoutMs }),",
    replace: "",
    wrong: "--timeout of dimos skill call does not end the call",
    tests: USE,
  },
  {
    file: "packages/cli/src/arguments/run-arguments.ts",
    find: "if (extra.length > 0) throw",
    replace: "if (extra.length > 1) throw",
    wrong: "a blueprint that is named after the settings is left out without a word",
    tests: RUN,
  },
  {
    file: "packages/cli/src/arguments/config-options.ts",
    find: "command.on(`option:${flag}`, refuse);",
    replace: "command.on(`option:${flag}`, () => refuse.name);",
    wrong: "a flag that two modules have is taken and ignored",
    tests: RUN,
  },
  {
    file: "packages/cli/src/commands/topic-pub.ts",
    find: '  app.on("stopped", () => ended.abort());\n',
    replace: "",
    wrong: "dimos topic pub --rate goes on when its run has ended",
    tests: ["packages/cli/test/topic.test.ts"],
  },
  {
    file: "packages/cli/src/commands/log.ts",
    find: "if (shown === 0 && count > 0) say(",
    replace: "if (shown === 0 && count > 1_000) say(",
    wrong: "a misspelt module looks like a module that logged nothing",
    tests: ["packages/cli/test/log.test.ts"],
  },
  {
    file: "packages/cli/src/commands/log.ts",
    find: "name === run.name && runId > run.runId",
    replace: "runId > run.runId",
    wrong: "dimos log -f goes on with the log of another robot",
    tests: ["packages/cli/test/log.test.ts"],
  },
];
