import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AsyncCompleter } from "node:readline";
import { start } from "node:repl";
import { inspect } from "node:util";
import { stateDirectory } from "@dimos/core/runs";
import { completeLine } from "../completion/shell-completion.ts";
import { connectTo, handleOf, type RunOption } from "../connection/connect.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeError } from "../output/describe-error.ts";
import { say } from "../output/print.ts";

/** `dimos shell`: Node's own REPL with `app`, a connection to what runs. */
export async function shell(options: RunOption, signal: AbortSignal): Promise<ExitCode> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UsageError("dimos shell is for people at a terminal. In a script, use Dimos.connect() or dimos call");
  await using app = await connectTo(options);
  const names = app.listModules().map(({ instance }) => instance);
  say(`app is connected to ${app.runId}: ${names.join(", ")}`);
  say('Try "await app.skills.<Tab>" or "app.<Module>". Ctrl-D leaves; the run goes on');
  // A preview would evaluate what is not finished yet, on objects that reach a robot.
  const repl = start({ prompt: "dimos> ", useGlobal: false, preview: false, writer: show });
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
    say("\nThe run has ended");
    repl.close();
  });
  signal.addEventListener("abort", () => repl.close());
  await new Promise((resolve) => repl.once("exit", resolve));
  unwatch();
  return EXIT.ok;
}

/** The sentence of an error is what helps at a prompt; stacks are in the run's log. */
function show(value: unknown): string {
  return value instanceof Error ? describeError(value) : inspect(value, { colors: !process.env.NO_COLOR });
}
