import type { Mutant } from "../mutant.ts";

const ARGUMENTS = "packages/cli/src/arguments";
const MASK = [`${ARGUMENTS}/mask-arguments.test.ts`];
const MESSAGE = [`${ARGUMENTS}/message-argument.test.ts`];
const DURATIONS = [`${ARGUMENTS}/durations.test.ts`];
const SHELL = "packages/cli/src/connection/shell-calls.ts";

/** Without the built command. */
export const units: readonly Mutant[] = [
  {
    file: `${ARGUMENTS}/durations.ts`,
    find: "m: 60_000,",
    replace: "m: 6_000,",
    wrong: "10m is one minute, so a limit ends a patrol far too early",
    tests: DURATIONS,
  },
  {
    file: `${ARGUMENTS}/durations.ts`,
    find: "/^(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d)?$/.exec(text)",
    replace: "/^(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d)?/.exec(text)",
    wrong: "half of a time is taken: 1h30 is one hour",
    tests: DURATIONS,
  },
  {
    file: `${ARGUMENTS}/durations.ts`,
    find: "DATE.test(text) ? Date.parse(text) : Number.NaN",
    replace: "Date.parse(text)",
    wrong: 'dimos log --since "last 5" shows everything since 2001',
    tests: DURATIONS,
  },
  {
    file: `${ARGUMENTS}/mask-arguments.ts`,
    find: "return SECRET.test(flag) || own.some(({ schema }) => isSecret(schema)) ? MASK : maskText(value, own);",
    replace: "return SECRET.test(flag) ? MASK : maskText(value, own);",
    wrong: "dimos restart prints a secret whose flag does not sound like one",
    tests: MASK,
  },
  {
    file: `${ARGUMENTS}/mask-arguments.ts`,
    find: "return SECRET.test(flag) || own",
    replace: "return own",
    wrong: "dimos restart prints the password that another program was started with",
    tests: MASK,
  },
  {
    file: `${ARGUMENTS}/mask-arguments.ts`,
    find: 'next.startsWith("--") && !takesValue(flag, fields)',
    replace: 'next.startsWith("--")',
    wrong: "a secret that begins with dashes is printed",
    tests: MASK,
  },
  {
    file: `${ARGUMENTS}/mask-arguments.ts`,
    find: "fields.some(({ schema }) => holdsSecret(schema)) ? MASK : text",
    replace: "text",
    wrong: "a secret in JSON that cannot be read is printed",
    tests: MASK,
  },
  {
    file: `${ARGUMENTS}/mask-arguments.ts`,
    find: "if (Array.isArray(value)) return value.map(maskNamed);",
    replace: "if (Array.isArray(value)) return value;",
    wrong: "a password in a list is printed",
    tests: MASK,
  },
  {
    file: `${ARGUMENTS}/mask-arguments.ts`,
    find: "argument.replaceAll(\"'\", \"'\\\\''\")",
    replace: "argument",
    wrong: "a command line that is shown does something else when it is pasted into a shell",
    tests: MASK,
  },
  {
    file: `${ARGUMENTS}/message-argument.ts`,
    find: "const message: Record<string, unknown> = Object.create(null);",
    replace: "const message: Record<string, unknown> = {};",
    wrong: "__proto__.x=1 on a command line changes every object",
    tests: MESSAGE,
  },
  {
    file: `${ARGUMENTS}/message-argument.ts`,
    find: "    if (last in place) throw new UsageError(`${path} is given twice`);\n",
    replace: "",
    wrong: "of linear.x=1 linear.x=0 one counts, and nobody is told which",
    tests: MESSAGE,
  },
  {
    file: `${ARGUMENTS}/message-argument.ts`,
    find: "  if (texts.length > 1) {",
    replace: "  if (texts.length > 2) {",
    wrong: "the second of two words is dropped from what is published",
    tests: MESSAGE,
  },
  {
    file: `${ARGUMENTS}/misspelt-modules.ts`,
    find: 'if (suggestion !== "") throw',
    replace: 'if (suggestion === "") throw',
    wrong: "a file with the settings of a misspelt module starts the robot without them",
    tests: [`${ARGUMENTS}/misspelt-modules.test.ts`],
  },
  {
    file: `${ARGUMENTS}/misspelt-modules.ts`,
    find: "instances.filter((instance) => !keys.has(kebabCase(instance)))",
    replace: "instances",
    wrong: "a file for several robots is refused, since two of their modules have similar names",
    tests: [`${ARGUMENTS}/misspelt-modules.test.ts`],
  },
  {
    file: "packages/cli/src/connection/aborted-call.ts",
    find: 'turnedDegrees > 0 ? "left" : "right"',
    replace: 'turnedDegrees > 0 ? "right" : "left"',
    wrong: "who aborts a turn is told the wrong side",
    tests: ["packages/cli/src/connection/aborted-call.test.ts"],
  },
  {
    file: "packages/cli/src/connection/aborted-call.ts",
    find: "  if (outcome === undefined)\n",
    replace: "  if (outcome === null)\n",
    wrong: "a robot that may still move is called stopped, and nobody is told of dimos estop",
    tests: ["packages/cli/src/connection/aborted-call.test.ts"],
  },
  {
    file: SHELL,
    find: "    this.#interrupted = this.#lastLine;\n",
    replace: "",
    wrong: "Ctrl-C in a loop of the shell lets the next step of it move the robot",
    tests: ["packages/cli/src/connection/shell-calls.test.ts"],
  },
  {
    file: SHELL,
    find: "    for (const { abort } of aborted) abort.abort(new Error(reason));\n",
    replace: "",
    wrong: "Ctrl-C in the shell does not stop the robot",
    tests: ["packages/cli/src/connection/shell-calls.test.ts"],
  },
  {
    file: SHELL,
    find: "if (line <= this.#interrupted) {",
    replace: "if (this.#interrupted >= 0) {",
    wrong: "after one Ctrl-C the shell calls nothing any more",
    tests: ["packages/cli/src/connection/shell-calls.test.ts"],
  },
  {
    file: "packages/cli/src/lifecycle/become.ts",
    find: "if (name !== REACHES_CHILD) child.kill(name as NodeJS.Signals);",
    replace: "",
    wrong: "SIGTERM to a restarted run does not reach it, and the robot runs on without its owner",
    tests: ["packages/cli/src/lifecycle/become.test.ts"],
  },
  {
    file: "packages/cli/src/lifecycle/become.ts",
    find: "code ?? 128 + constants.signals[killedBy as NodeJS.Signals]",
    replace: "code ?? 0",
    wrong: "a run that was killed ends with success",
    tests: ["packages/cli/src/lifecycle/become.test.ts"],
  },
  {
    file: "packages/cli/src/lifecycle/start-progress.ts",
    find: "names = this.#modules.filter((name) => !this.#done.has(name))",
    replace: "names = this.#modules",
    wrong: "a start that hangs blames the modules that are up",
    tests: ["packages/cli/src/lifecycle/start-progress.test.ts"],
  },
  {
    file: "packages/cli/src/live/metric-rates.ts",
    find: "return more < 0 ? undefined : (more * 1000)",
    replace: "return (more * 1000)",
    wrong: "dimos top shows negative rates after a restart",
    tests: ["packages/cli/src/live/metric-rates.test.ts"],
  },
  {
    file: "packages/cli/src/completion/shell-completion.ts",
    find: 'return owner.startsWith("app.") ? [] : undefined;',
    replace: "return [];",
    wrong: "Tab in the shell offers nothing for what is not of the robot, such as Math",
    tests: ["packages/cli/src/completion/shell-completion.test.ts"],
  },
];

const END_RUN = "packages/cli/src/lifecycle/end-run.ts";
const RUNS = ["packages/cli/test/runs.test.ts"];
const RUN = ["packages/cli/test/run.test.ts"];
const USE = ["packages/cli/test/use.test.ts"];
const ESTOP = ["packages/cli/test/estop.test.ts"];
const RESTART = ["packages/cli/test/restart.test.ts"];
const OPERATOR = ["packages/cli/test/operator.test.ts"];

/** Of the built command. */
export const command: readonly Mutant[] = [
  {
    file: END_RUN,
    find: 'for (const identity of processes.alive()) signalProcess(identity, "SIGKILL");',
    replace: 'signalProcess(run, "SIGKILL");',
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
    find: "  const fields = await validate(run, plan);\n",
    replace: "  const fields: Awaited<ReturnType<typeof validate>> = undefined;\n",
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
