import {
  findSkillTool,
  type ModuleDescription,
  type ModuleStatus,
  type RunCallOptions,
  type SkillDescription,
  SkillNotOfferedError,
  skillTools,
} from "@dimos/core";
import { createProxy, printable, printableLines } from "@dimos/rpc";
import { AmbiguousSkillError, NotRunningError, UnknownSkillError } from "./errors.ts";
import type { Skills, SkillTools } from "./handles.ts";
import { callMethod } from "./module-handle.ts";
import { signatureOf } from "./signature.ts";
import type { System } from "./system.ts";
import { aiSdkTools, anthropicTools, openAITools, toolInput } from "./tool-formats.ts";

/** A skill and the module that has it. */
export interface SkillListing extends SkillDescription {
  readonly module: string;
  /** `relativeMove({ forward?: number, left?: number })`. */
  readonly signature: string;
}

export function listSkills(modules: readonly ModuleStatus[]): SkillListing[] {
  return modules.flatMap((module) =>
    module.description.skills.map((skill) => ({ ...skill, module: module.instance, signature: signatureOf(skill) })),
  );
}

/** A skill that is not offered, as its input cannot be expressed as JSON Schema. */
export interface UnofferedListing {
  readonly module: string;
  readonly name: string;
  /** Why, and what to do. */
  readonly reason: string;
}

export function listUnoffered(modules: readonly ModuleStatus[]): UnofferedListing[] {
  return modules.flatMap(({ instance, description }) =>
    description.unoffered.map((skill) => ({
      module: instance,
      name: skill.name,
      reason: new SkillNotOfferedError(`${instance}.${skill.name}`, skill).message,
    })),
  );
}

/** `app.skills`: every skill as a function; looked up at each call, so that it outlives restarts. */
export function skillProxy(system: System): Skills & SkillTools {
  const skills = () => listSkills(system.listModules());
  const names = () => [...new Set(skills().map((skill) => skill.name))];
  const unknown = async (path: readonly string[]) => {
    if (system.listModules().length === 0) throw system.lost ?? new NotRunningError();
    throw new UnknownSkillError(path.join("."), names());
  };
  const named = () => skillTools(system.listModules());
  const callTool = async (name: string, input: unknown = {}, options: RunCallOptions = {}) => {
    const tools = named();
    if (tools.length === 0) throw new NotRunningError();
    const found = findSkillTool(tools, name);
    if (found === undefined) {
      const known = tools.map(({ tool }) => tool);
      throw new UnknownSkillError(name, known);
    }
    const { description } = moduleOf(found.instance, system.listModules());
    return callMethod(system, description, found.skill.name, [toolInput(name, input), options]);
  };
  const tools: SkillTools = {
    toOpenAITools: () => openAITools(named()),
    toAnthropicTools: () => anthropicTools(named()),
    toAiSdkTools: () =>
      aiSdkTools(named(), (name, input, signal) => callTool(name, input, signal === undefined ? {} : { signal })),
    callTool,
  };
  return createProxy<Record<string, never>>({
    name: "skills",
    methods: names,
    call: async (skill, args) => callMethod(system, findSkill(skill, system).description, skill, args),
    read: unknown,
    callPath: async (path, args) => {
      const [skill = ""] = path;
      const owner = path.length === 1 ? ownerOfUnoffered(skill, system.listModules()) : undefined;
      // It answers with the reason why it is not offered.
      return owner === undefined ? unknown(path) : callMethod(system, owner, skill, args);
    },
    inspect: () => describeSkills(skills(), listUnoffered(system.listModules())),
    properties: hidden(tools),
  }) as unknown as Skills & SkillTools;
}

function findSkill(name: string, system: System): ModuleStatus {
  const modules = system.listModules();
  const found = modules.filter((module) => module.description.skills.some((skill) => skill.name === name));
  const [module] = found;
  if (modules.length === 0) throw system.lost ?? new NotRunningError();
  if (module === undefined) {
    const known = listSkills(modules).map((skill) => skill.name);
    throw new UnknownSkillError(name, known);
  }
  if (found.length === 1) return module;
  const candidates = found.map(({ instance }) => instance);
  throw new AmbiguousSkillError(name, candidates);
}

function moduleOf(instance: string, modules: readonly ModuleStatus[]): ModuleStatus {
  return modules.find((module) => module.instance === instance) as ModuleStatus;
}

function ownerOfUnoffered(skill: string, modules: readonly ModuleStatus[]): ModuleDescription | undefined {
  return modules.find(({ description }) => description.unoffered.some(({ name }) => name === skill))?.description;
}

function describeSkills(skills: readonly SkillListing[], unoffered: readonly UnofferedListing[]): string {
  const lines = [
    ...skills.map(
      ({ signature, module, description }) =>
        `  ${printable(`${signature}  [${module}]`)}\n    ${printableLines(description, "    ")}`,
    ),
    ...unoffered.map(({ reason }) => `  (${printable(reason)})`),
  ];
  return `<Skills>${lines.map((line) => `\n${line}`).join("")}`;
}

/** Members that are there, and not listed among the skills. */
function hidden(members: object): Record<string, unknown> {
  const entries = Object.entries(members).map(([name, value]) => [name, { value, enumerable: false }]);
  return Object.defineProperties({}, Object.fromEntries(entries)) as Record<string, unknown>;
}
