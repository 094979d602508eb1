import { didYouMean } from "@dimos/rpc";
import { METHOD, MODULE, RUNNER } from "../brand.ts";
import { holdsSecret } from "../config/secrets.ts";
import { ModuleSpecError } from "../errors.ts";
import type { SchemaProblem } from "../input/express.ts";
import { type JsonSchema, jsonSchemaOf } from "../schema.ts";
import { declaredMethods } from "./methods.ts";
import type { ModuleClass } from "./module.ts";
import { type ModuleShape, shapeOf } from "./shape.ts";
import type { SkillRunner } from "./skill-runner.ts";

export interface RpcDescription {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly description: string | undefined;
  readonly timeoutMs: number | undefined;
}

export interface SkillDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (draft 2020-12) of the input, for agents: one object, whatever union the skill takes. */
  readonly input: JsonSchema;
  readonly uses: readonly string[];
  readonly lifecycle: "instant" | "background";
  /** The skill of the same module that ends this one. */
  readonly endedBy: string | undefined;
  readonly timeoutMs: number | undefined;
}

/** A skill that is not offered to agents and callers, as they cannot be told its input; and why. */
export interface UnofferedSkill extends SchemaProblem {
  readonly name: string;
}

/** What a deployed module is and offers, as plain data: past deploy, everything works from this and never from classes. */
export interface ModuleDescription extends ModuleShape {
  readonly instance: string;
  readonly rpcs: readonly RpcDescription[];
  readonly skills: readonly SkillDescription[];
  readonly unoffered: readonly UnofferedSkill[];
  /** JSON Schema of the config, when there is a secret in it: for whoever shows the config of what runs. */
  readonly secretConfig?: JsonSchema;
}

export function describeModule(instanceName: string, instance: object): ModuleDescription {
  const rpcs: RpcDescription[] = [];
  const skills: SkillDescription[] = [];
  const unoffered: UnofferedSkill[] = [];
  for (const [name, method] of declaredMethods(instance)) {
    const declaration = method[METHOD];
    if (declaration.kind === "rpc") {
      const { description, parameters, timeoutMs } = declaration;
      rpcs.push({ name, description, parameters, timeoutMs });
    } else {
      const { description, uses, lifecycle, endedBy, timeoutMs } = declaration;
      const { schema, problem } = (method[RUNNER] as SkillRunner).input.offered;
      if (schema !== undefined) {
        skills.push({ name, description, input: schema, uses, lifecycle, endedBy, timeoutMs });
        continue;
      }
      unoffered.push({ name, ...problem });
    }
  }
  checkEndings(instanceName, skills, unoffered);
  const moduleClass = instance.constructor as ModuleClass;
  const secretConfig = secretConfigOf(moduleClass);
  const base = { ...shapeOf(moduleClass), instance: instanceName, rpcs, skills, unoffered };
  return secretConfig === undefined ? base : { ...base, secretConfig };
}

function secretConfigOf(moduleClass: ModuleClass): JsonSchema | undefined {
  try {
    const schema = jsonSchemaOf(moduleClass[MODULE].config);
    return schema !== undefined && holdsSecret(schema) ? schema : undefined;
  } catch {
    // It takes what JSON has not, and marks no secret that anybody could read.
    return undefined;
  }
}

function checkEndings(
  instanceName: string,
  skills: readonly SkillDescription[],
  unoffered: readonly UnofferedSkill[],
): void {
  const names = [...skills, ...unoffered].map(({ name }) => name);
  for (const { name, endedBy } of skills) {
    if (endedBy === undefined || names.includes(endedBy)) continue;
    throw new ModuleSpecError(
      `${instanceName}.${name} says that "${endedBy}" ends it, which is no skill of this module.${didYouMean(endedBy, names)}`,
    );
  }
}
