import { InvalidInputError } from "../errors.ts";
import { agentSchema } from "../input/agent-schema.ts";
import type { Expressed } from "../input/express.ts";
import { InputCheck, refuseUnknownFields } from "../input/input-check.ts";
import { hasFields, typeOf } from "../input/schema-parts.ts";
import type { JsonSchema, StandardSchema } from "../schema.ts";

const NO_INPUT: JsonSchema = Object.freeze({ type: "object", properties: {}, additionalProperties: false });

/** The input of one skill: what agents are told of it, and the check of what they give. */
export class SkillInput {
  readonly #check: InputCheck | undefined;
  #offered: Expressed | undefined;

  constructor(schema: StandardSchema | undefined) {
    this.#check = schema === undefined ? undefined : new InputCheck(schema);
  }

  /** Its JSON Schema for agents; or why the skill cannot be offered to anybody. */
  get offered(): Expressed {
    this.#offered ??= this.#offer();
    return this.#offered;
  }

  /** Resolves to the input with its defaults; the error names every wrong field. */
  async parse(given: unknown): Promise<unknown> {
    const input = given ?? {};
    if (this.#check !== undefined) return this.#check.parse(input, "input");
    if (!hasFields(input)) throw new InvalidInputError("input", [`expected no input, got ${typeOf(input)}`]);
    refuseUnknownFields(input, NO_INPUT);
    return input;
  }

  #offer(): Expressed {
    if (this.#check === undefined) return { schema: NO_INPUT };
    const { expressed } = this.#check;
    if (expressed.schema === undefined) return expressed;
    const schema = agentSchema(expressed.schema);
    if (schema !== undefined) return { schema };
    const problem = { paths: [], reason: "it is not an object", remedy: "Use z.object({ ... })" };
    return { problem };
  }
}
