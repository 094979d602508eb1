import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AsyncCompleter } from "node:readline";
import { type REPLServer, start } from "node:repl";
import { types } from "node:util";
import { stateDirectory } from "@dimos/core/runs";
import { completeLine } from "../completion/shell-completion.ts";
import { describeAborted, lateOutcome } from "../connection/aborted-call.ts";
import { connectTo, handleOf, type RunOption } from "../connection/connect.ts";
import { type AbortedCall, ShellCalls } from "../connection/shell-calls.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeError } from "../output/describe-error.ts";
import { inspected } from "../output/inspected.ts";
import { say } from "../output/print.ts";
import { type Shown, shown } from "../output/shown.ts";

const INTERRUPTED = "Error: the line was interrupted with Ctrl-C";

/** `dimos shell`: Node's own REPL with `app`, a connection to what runs. */
export async function shell(options: RunOption, signal: AbortSignal): Promise<ExitCode> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError("dimos shell is for people at a terminal. In a script, use Dimos.connect() or dimos call");
  const calls = new ShellCalls((name) =>
    say(shown`\nNot called: ${name}. Ctrl-C has interrupted the line that calls it`),
  );
  await using app = await connectTo(options, calls.intercept);
  const names = app.listModules().map(({ instance }) => instance);
  say(`app is connected to ${app.runId}: ${names.join(", ")}`);
  say('Try "await app.skills.<Tab>" or "app.<Module>". Ctrl-C aborts what the shell has called');
  say("Ctrl-D leaves: that aborts calls as well, and the run goes on");
  // A preview would evaluate what is not finished yet, on objects that reach a robot. Without `breakEvalOnSigint` a
  // Ctrl-C waits until the line that is evaluated has ended.
  // Node ends the process when Ctrl-C interrupts a line while anything else listens for that signal. What then sends it
  // from outside ends the shell, and with its connection all that it called.
  process.removeAllListeners("SIGINT");
  const repl = start({
    prompt: "dimos> ",
    useGlobal: false,
    preview: false,
    writer: (value) => {
      // For a line that never reached an await, only this shows that it was interrupted.
      if (isInterruption(value)) interrupt();
      return show(value).text;
    },
    breakEvalOnSigint: true,
  });
  const interrupt = () => void tellAborted(calls.abortAll("Ctrl-C in dimos shell"), repl);
  repl.prependListener("line", () => calls.beginLine());
  // Before the prompt comes back.
  repl.prependListener("SIGINT", interrupt);
  const standard = repl.completer.bind(repl);
  const complete: AsyncCompleter = (line, done) => {
    const found = completeLine(line, app);
    if (found === undefined) standard(line, done);
    else done(null, [...found]);
  };
  Object.assign(repl, { completer: complete });
  repl.context.app = app;
  for (const name of names) if (/^[A-Za-z_$][\w$]*$/.test(name)) repl.context[name] = handleOf(app, name);
  repl.context.skills = app.skills;
  const directory = stateDirectory(process.env);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  repl.setupHistory(join(directory, "shell-history"), () => {});
  const unwatch = app.on("stopped", () => {
    say(shown`\nThe run has ended`);
    repl.close();
  });
  signal.addEventListener("abort", () => repl.close());
  await new Promise((resolve) => repl.once("exit", resolve));
  unwatch();
  await tellAborted(calls.abortAll("dimos shell was left"));
  return EXIT.ok;
}

/** Says what was aborted at once, and how far the robot came as soon as that is known. */
async function tellAborted(calls: readonly AbortedCall[], repl?: REPLServer): Promise<void> {
  if (calls.length === 0) return;
  say(shown`\nAborting ${calls.map(({ name }) => name).join(", ")}, and what the robot does for it`);
  await Promise.all(
    calls.map(async ({ name, outcome }) => {
      const sentence = describeAborted(name, await lateOutcome(outcome));
      // In the place of the prompt, which is drawn again below it.
      say(repl === undefined ? sentence : shown`\r\x1b[2K${sentence}`);
      repl?.displayPrompt(true);
    }),
  );
}

/** The sentence of an error is what helps at a prompt; stacks are in the run's log. */
function show(value: unknown): Shown {
  if (isInterruption(value)) return shown`${INTERRUPTED}`;
  return value instanceof Error ? describeError(value) : inspected(value);
}

function isInterruption(value: unknown): boolean {
  // Lines of the shell run in a context that has an `Error` class of its own.
  return types.isNativeError(value) && (value as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
