import { SkillNotOfferedError } from "@dimos/core";
import { connectTo, type RunOption } from "../connection/connect.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print, printJson, say, table } from "../output/print.ts";
import { type Shown, shown, shownLines } from "../output/shown.ts";

type Options = RunOption & { readonly json?: boolean };

/** `dimos module list`. */
export async function listModules(options: Options): Promise<ExitCode> {
  await using app = await connectTo(options);
  const modules = app.listModules();
  if (options.json === true) {
    await printJson(modules.map(({ description: _, ...module }) => module));
    return EXIT.ok;
  }
  const rows = modules.map(({ instance, className, state, restarts, worker, pid }) => [
    instance,
    className === instance ? "" : className,
    state,
    `${restarts}`,
    worker,
    pid === 0 ? "-" : `${pid}`,
  ]);
  await print(table([["MODULE", "CLASS", "STATE", "RESTARTS", "WORKER", "PID"], ...rows]));
  return EXIT.ok;
}

/** `dimos module describe MODULE` or `MODULE.METHOD`. */
export async function describeModule(target: string, options: Options): Promise<ExitCode> {
  await using app = await connectTo(options);
  const found = app.describe(target);
  if (options.json === true) await printJson(found);
  else if ("kind" in found)
    await print(shown`${found.kind} ${found.module}.${found.signature}\n${described(found.description, "  ")}`);
  else {
    const { instance, className, source, state, ports, refs, methods, unoffered } = found;
    await print(shown`${instance} (${className}) ${state}\n  source ${source}\n`);
    for (const { direction, name, messageName } of ports)
      await print(shown`  ${direction.padEnd(5)} ${name}: ${messageName}\n`);
    for (const { name, label, optional } of refs)
      await print(shown`  ref   ${name}: ${label}${optional ? " (optional)" : ""}\n`);
    for (const { kind, signature, description } of methods)
      await print(shown`  ${kind.padEnd(5)} ${signature}\n${described(description, "          ")}`);
    for (const skill of unoffered)
      say(`Warning: ${new SkillNotOfferedError(`${instance}.${skill.name}`, skill).message}`);
  }
  return EXIT.ok;
}

function described(description: string | undefined, indent: string): Shown {
  return description === undefined ? shown`` : shown`${indent}${shownLines(description, indent)}\n`;
}
