import { expect, it } from "vitest";
import { z } from "zod";
import { jsonSchemaOf, type StandardSchema } from "../schema.ts";
import { agentSchema } from "./agent-schema.ts";

function flat(schema: StandardSchema) {
  return agentSchema(jsonSchemaOf(schema) ?? {});
}

const Circle = z.object({ kind: z.literal("circle"), radius: z.number().describe("metres"), fill: z.boolean() });
const Box = z.object({
  kind: z.literal("box"),
  width: z.number(),
  depth: z.number().default(1),
  fill: z.string().optional(),
});

it.each([
  ["discriminated union", z.discriminatedUnion("kind", [Circle, Box])],
  ["union", z.union([Circle, Box])],
])("makes one object of a %s: the descriptions say what belongs together", (_, schema) => {
  expect(flat(schema)).toEqual({
    type: "object",
    properties: {
      kind: { type: "string", enum: ["circle", "box"] },
      radius: { type: "number", description: 'metres. Only where kind is "circle". Required there.' },
      fill: { anyOf: [{ type: "boolean" }, { type: "string" }], description: 'Required where kind is "circle".' },
      width: { type: "number", description: 'Only where kind is "box". Required there.' },
      depth: { type: "number", description: 'Only where kind is "box". Default there: 1.' },
    },
    required: ["kind"],
    additionalProperties: false,
  });
});

it("names the forms of a union without a discriminator", () => {
  const ByName = z.object({ name: z.string(), speed: z.number() }).describe("by name");
  expect(flat(z.union([ByName, z.object({ x: z.number(), speed: z.number() })]))).toEqual({
    type: "object",
    description: "Give the fields of one form. Form 1 (by name): name, speed. Form 2: x, speed.",
    properties: {
      name: { type: "string", description: "Only in form 1. Required there." },
      speed: { type: "number" },
      x: { type: "number", description: "Only in form 2. Required there." },
    },
    required: ["speed"],
    additionalProperties: false,
  });
});

it("flattens a union in an intersection, one behind a reference, and one with null", () => {
  const Both = z.intersection(z.discriminatedUnion("kind", [Circle, Box]), z.object({ speed: z.number() }));
  expect(flat(Both)).toMatchObject({ required: ["speed", "kind"], properties: { speed: { type: "number" } } });
  expect(flat(Circle.nullable())).toMatchObject({ type: "object", required: ["kind", "radius", "fill"] });
  const $defs = { a: { anyOf: [{ $ref: "#/$defs/b" }] }, b: { type: "object", properties: { x: { type: "number" } } } };
  expect(agentSchema({ $ref: "#/$defs/a", $defs })).toEqual({
    type: "object",
    properties: { x: { type: "number" } },
    additionalProperties: false,
    $defs,
  });
});

it("keeps a union that contains itself as it is, below the top", () => {
  type Tree = { leaf: number } | { left: Tree };
  const Tree: z.ZodType<Tree> = z.lazy(() => z.union([z.object({ leaf: z.number() }), z.object({ left: Tree })]));
  const schema = flat(Tree);
  expect(schema).toMatchObject({ type: "object", properties: { left: { $ref: "#/$defs/input" } } });
  expect(schema?.$defs).toMatchObject({ input: { anyOf: [{}, { properties: { left: { $ref: "#/$defs/input" } } }] } });
});

it("leaves an object as it is, and takes nothing that is not one", () => {
  const { $schema: _, ...json } = jsonSchemaOf(Circle) as Record<string, unknown>;
  expect(flat(Circle)).toEqual(json);
  expect(flat(z.looseObject({}))).toMatchObject({ additionalProperties: {} });
  expect(flat(z.any())).toEqual({ type: "object", properties: {}, additionalProperties: true });
  expect([flat(z.string()), flat(z.union([z.array(z.number()), z.null()])), flat(z.enum(["a"]))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
