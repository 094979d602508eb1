import { type ModuleStatus, type RpcDescription, type SkillDescription, SkillNotOfferedError } from "@dimos/core";
import { didYouMean } from "@dimos/rpc";
import { UnknownMethodError, UnknownModuleError } from "./errors.ts";
import { signatureOf } from "./signature.ts";

/** An rpc method or a skill, as `listRpcs` and `describe` give it. */
export interface MethodListing {
  readonly module: string;
  readonly name: string;
  readonly kind: "rpc" | "skill";
  readonly signature: string;
  readonly description: string | undefined;
  /** JSON Schema of a skill's input. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
}

export interface ModuleListing {
  readonly instance: string;
  readonly className: string;
  readonly source: string;
  readonly state: ModuleStatus["state"];
  readonly ports: ModuleStatus["description"]["ports"];
  readonly refs: ModuleStatus["description"]["refs"];
  readonly methods: readonly MethodListing[];
  /** Skills whose input cannot be expressed as JSON Schema. */
  readonly unoffered: ModuleStatus["description"]["unoffered"];
}

export function listMethods(module: ModuleStatus): MethodListing[] {
  const { instance, description } = module;
  return [
    ...description.rpcs.map((method) => describeRpc(instance, method)),
    ...description.skills.map((skill) => describeSkill(instance, skill)),
  ];
}

/** `Module`, `Module.method`; of a bare method name, the error lists what it could mean. */
export function describeTarget(target: string, modules: readonly ModuleStatus[]): ModuleListing | MethodListing {
  const module = modules.find(({ instance }) => instance === target);
  if (module !== undefined) return describeModule(module);
  const dot = target.lastIndexOf(".");
  const owner = modules.find(({ instance }) => instance === target.slice(0, dot));
  const all = modules.flatMap(listMethods);
  if (owner === undefined) {
    const named = all.filter(({ name }) => name === target);
    if (named.length > 0)
      throw new UnknownMethodError(`"${target}" is a method: say of which module. ${choices(named)}`);
    throw new UnknownModuleError(
      target,
      modules.map(({ instance }) => instance),
    );
  }
  const name = target.slice(dot + 1);
  const methods = listMethods(owner);
  const method = methods.find((candidate) => candidate.name === name);
  if (method !== undefined) return method;
  const unoffered = owner.description.unoffered.find((skill) => skill.name === name);
  if (unoffered !== undefined) throw new SkillNotOfferedError(target, unoffered);
  throw new UnknownMethodError(
    `${owner.instance} has no method "${name}".${didYouMean(
      name,
      methods.map((known) => known.name),
    )}`,
  );
}

/** Of a target that is a whole module where a method is wanted. */
export function whichMethod(target: string, methods: readonly MethodListing[]): string {
  return `"${target}" is a module: say which method. ${choices(methods)}`;
}

function choices(methods: readonly MethodListing[]): string {
  return `Use one of: ${methods.map(({ module, name }) => `${module}.${name}`).join(", ")}`;
}

function describeModule(module: ModuleStatus): ModuleListing {
  const { instance, className, source, state, description } = module;
  return {
    instance,
    className,
    source,
    state,
    ports: description.ports,
    refs: description.refs,
    methods: listMethods(module),
    unoffered: description.unoffered,
  };
}

function describeRpc(module: string, { name, parameters, description }: RpcDescription): MethodListing {
  return { module, name, kind: "rpc", signature: `${name}(${parameters.join(", ")})`, description, input: undefined };
}

function describeSkill(module: string, skill: SkillDescription): MethodListing {
  const { name, description, input } = skill;
  return { module, name, kind: "skill", signature: signatureOf(skill), description, input };
}
