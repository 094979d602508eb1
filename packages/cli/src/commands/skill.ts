import type { SkillListing } from "@dimos/porcelain";
import { didYouMean } from "@dimos/rpc";
import { skillInput } from "../arguments/call-arguments.ts";
import { type CallCommandOptions, callAndPrint } from "../connection/call-method.ts";
import { connectTo, type RunOption } from "../connection/connect.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { Paint } from "../output/paint.ts";
import { print, printJson, say } from "../output/print.ts";
import { shown, shownLines } from "../output/shown.ts";

/** `dimos skill list`. */
export async function listSkills(options: RunOption & { readonly json?: boolean }): Promise<ExitCode> {
  await using app = await connectTo(options);
  const skills = app.listSkills();
  if (options.json === true) await printJson(skills);
  const paint = new Paint(process.stdout);
  if (options.json !== true)
    for (const { signature, module, description } of skills)
      await print(shown`${paint.bold(signature)}  ${paint.dim(`[${module}]`)}\n  ${shownLines(description, "  ")}\n`);
  for (const { reason } of app.listUnofferedSkills()) say(`Warning: ${reason}`);
  return EXIT.ok;
}

/** `dimos skill call NAME key=value...`. */
export async function callSkill(
  name: string,
  texts: readonly string[],
  options: CallCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  await using app = await connectTo(options);
  const target = findSkill(name, [...app.listSkills(), ...app.listUnofferedSkills()]);
  // Throws when it is not offered, with the reason.
  const described = app.describe(target);
  const schema = "input" in described ? described.input : undefined;
  return await callAndPrint(app, target, [skillInput(texts, schema ?? {})], options, signal);
}

/** By its name, or as `Module.name`; returns the latter. */
function findSkill(name: string, skills: readonly Pick<SkillListing, "module" | "name">[]): string {
  const found = skills
    .filter((skill) => skill.name === name || `${skill.module}.${skill.name}` === name)
    .map((skill) => `${skill.module}.${skill.name}`);
  const [target] = found;
  if (target === undefined) {
    const known = skills.map((skill) => skill.name);
    throw new UsageError(`No skill named "${name}".${didYouMean(name, known)} "dimos skill list" shows them`);
  }
  if (found.length > 1) throw new UsageError(`Ambiguous skill "${name}". Use one of: ${found.join(", ")}`);
  return target;
}
