import type { ModuleStatus } from "@dimos/core";
import { maskRead } from "../arguments/mask-read.ts";
import { splitPath } from "../arguments/module-path.ts";
import { connectTo, handleOf, type RunOption } from "../connection/connect.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print } from "../output/print.ts";
import { showValue, toJson } from "../output/show-value.ts";

/** `dimos get MODULE.PATH`: reads an attribute in the module's own process. Secrets are masked. */
export async function get(target: string, options: RunOption & { readonly json?: boolean }): Promise<ExitCode> {
  await using app = await connectTo(options);
  const { instance, path } = splitPath(target, app);
  if (path.length === 0) throw new UsageError(`Say what to read of ${instance}: dimos get ${instance}.<attribute>`);
  if (app.listRpcs(instance).some(({ name }) => name === path[0]))
    throw new UsageError(`${instance}.${path[0]} is a method. Call it: dimos call ${instance}.${path[0]}`);
  const read = async (steps: readonly string[]): Promise<unknown> => {
    let place = handleOf(app, instance);
    for (const step of steps) place = place[step] as typeof place;
    return await place;
  };
  const { description } = app.listModules().find((module) => module.instance === instance) as ModuleStatus;
  const value = await maskRead(await read(path), path, description.secretConfig, () => read(["config"]));
  await print(options.json === true ? toJson(value, 2) : showValue(value ?? null));
  return EXIT.ok;
}
