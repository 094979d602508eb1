import { didYouMean } from "@dimos/rpc";
import { METHOD } from "../brand.ts";
import { ModuleSpecError } from "../errors.ts";
import { type JsonSchema, jsonSchemaOf } from "../schema.ts";
import { declaredMethods } from "./methods.ts";
import type { ModuleClass } from "./module.ts";
import { type ModuleShape, shapeOf } from "./shape.ts";

export interface RpcDescription {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly description: string | undefined;
  readonly timeoutMs: number | undefined;
}

export interface SkillDescription {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (draft 2020-12) of the input object. */
  readonly input: JsonSchema;
  readonly uses: readonly string[];
  readonly lifecycle: "instant" | "background";
  /** The skill of the same module that ends this one. */
  readonly endedBy: string | undefined;
  readonly timeoutMs: number | undefined;
}

/** What a deployed module is and offers, as plain data: past deploy, everything works from this and never from classes. */
export interface ModuleDescription extends ModuleShape {
  readonly instance: string;
  readonly rpcs: readonly RpcDescription[];
  readonly skills: readonly SkillDescription[];
}

const NO_INPUT: JsonSchema = Object.freeze({ type: "object", properties: {}, additionalProperties: false });

export function describeModule(instanceName: string, instance: object): ModuleDescription {
  const rpcs: RpcDescription[] = [];
  const skills: SkillDescription[] = [];
  for (const [name, method] of declaredMethods(instance)) {
    const declaration = method[METHOD];
    if (declaration.kind === "rpc") {
      const { description, parameters, timeoutMs } = declaration;
      rpcs.push({ name, description, parameters, timeoutMs });
    } else {
      const { description, uses, lifecycle, endedBy, timeoutMs, input } = declaration;
      skills.push({ name, description, input: jsonSchemaOf(input) ?? NO_INPUT, uses, lifecycle, endedBy, timeoutMs });
    }
  }
  checkEndings(instanceName, skills);
  return { ...shapeOf(instance.constructor as ModuleClass), instance: instanceName, rpcs, skills };
}

function checkEndings(instanceName: string, skills: readonly SkillDescription[]): void {
  const names = skills.map(({ name }) => name);
  for (const { name, endedBy } of skills) {
    if (endedBy === undefined || names.includes(endedBy)) continue;
    throw new ModuleSpecError(
      `${instanceName}.${name} says that "${endedBy}" ends it, which is no skill of this module.${didYouMean(endedBy, names)}`,
    );
  }
}
