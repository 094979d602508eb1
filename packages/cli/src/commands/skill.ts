import type { SkillListing } from "@dimos/porcelain";
import { didYouMean } from "@dimos/rpc";
import { skillInput } from "../arguments/call-arguments.ts";
import { type CallCommandOptions, callAndPrint } from "../connection/call-method.ts";
import { connectTo, type RunOption } from "../connection/connect.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { Paint } from "../output/paint.ts";
import { print, printJson } from "../output/print.ts";

/** `dimos skill list`. */
export async function listSkills(options: RunOption & { readonly json?: boolean }): Promise<ExitCode> {
  await using app = await connectTo(options);
  const skills = app.listSkills();
  if (options.json === true) await printJson(skills);
  const paint = new Paint(process.stdout);
  if (options.json !== true)
    for (const { signature, module, description } of skills)
      await print(`${paint.bold(signature)}  ${paint.dim(`[${module}]`)}\n  ${description}\n`);
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
  const skill = findSkill(name, app.listSkills());
  return await callAndPrint(app, `${skill.module}.${skill.name}`, [skillInput(texts, skill.input)], options, signal);
}

/** By its name, or as `Module.name`. */
function findSkill(name: string, skills: readonly SkillListing[]): SkillListing {
  const found = skills.filter((skill) => skill.name === name || `${skill.module}.${skill.name}` === name);
  const [skill] = found;
  if (skill === undefined) {
    const known = skills.map((known) => known.name);
    throw new UsageError(`No skill named "${name}".${didYouMean(name, known)} "dimos skill list" shows them`);
  }
  if (found.length === 1) return skill;
  const choices = found.map(({ module }) => `${module}.${name}`).join(", ");
  throw new UsageError(`Ambiguous skill "${name}". Use one of: ${choices}`);
}
