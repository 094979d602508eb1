import { methodArguments, skillInput } from "../arguments/call-arguments.ts";
import { splitPath } from "../arguments/module-path.ts";
import { type CallCommandOptions, callAndPrint } from "../connection/call-method.ts";
import { chooseLiveRun, openRegistry } from "../connection/choose-run.ts";
import { type App, connectTo, handleOf } from "../connection/connect.ts";
import { RunClient } from "../connection/run-client.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print } from "../output/print.ts";
import { showValue, toJson } from "../output/show-value.ts";

export interface CallOptions extends CallCommandOptions {
  /** Undeclared methods and deep paths as well, where the run allows that. */
  readonly debugCalls?: boolean;
}

/** `dimos call MODULE.METHOD [ARGS]`: an rpc method or a skill. */
export async function call(
  target: string,
  texts: readonly string[],
  options: CallOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using app = await connectTo(options);
  const { instance, path } = splitPath(target, app);
  const isDeclared = path.length <= 1 && !(path.length === 1 && isUndeclared(app, instance, path[0] as string));
  if (!isDeclared && (options.debugCalls === true || path.length > 1))
    return await callUndeclared(app, { instance, path }, methodArguments(texts), options);
  const method = app.describe(target);
  if (!("kind" in method)) {
    const names = method.methods.map(({ name }) => `${target}.${name}`);
    throw new UsageError(`${target} is a module. Call one of its methods: ${names.join(", ") || "it has none"}`);
  }
  const args = method.kind === "skill" ? [skillInput(texts, method.input ?? {})] : methodArguments(texts);
  return await callAndPrint(app, target, args, options, signal);
}

function isUndeclared(app: App, instance: string, name: string): boolean {
  return !app.listRpcs(instance as never).some((method) => method.name === name);
}

/** Only the owner of a run can allow that, when it is started. */
async function callUndeclared(
  app: App,
  { instance, path }: ReturnType<typeof splitPath>,
  args: readonly unknown[],
  options: CallOptions,
): Promise<ExitCode> {
  const name = `${instance}.${path.join(".")}`;
  if (options.debugCalls !== true)
    throw new UsageError(`${name} is not a declared method. To call it all the same: dimos --debug-calls call ${name}`);
  if (!(await areAllowed(options)))
    throw new UsageError(
      `${name} is not a declared method, and this run was started without --debug-calls: start it with dimos run <blueprint> --debug-calls`,
    );
  let place = handleOf(app, instance);
  for (const step of path) place = place[step] as typeof place;
  const value = await (place as unknown as (...all: readonly unknown[]) => Promise<unknown>)(...args);
  await print(options.json === true ? toJson(value, 2) : showValue(value));
  return EXIT.ok;
}

async function areAllowed({ run }: CallOptions): Promise<boolean> {
  await using client = await RunClient.connect(chooseLiveRun(openRegistry(), run));
  return (await client.directory()).debugCalls;
}
