import { expect, it } from "vitest";
import { z } from "zod";
import type { StandardSchema } from "../schema.ts";
import { InputCheck } from "./input-check.ts";

async function problemOf(schema: StandardSchema, value: unknown): Promise<string> {
  return new InputCheck(schema).parse(value, "input").then(JSON.stringify, ({ message }: Error) => message);
}

const Point = z.object({ x: z.number(), y: z.number().default(0) });
const Circle = z.object({ kind: z.literal("circle"), radius: z.number() });
const Box = z.object({ kind: z.literal("box"), width: z.number(), at: Point.optional() });
const Shape = z.discriminatedUnion("kind", [Circle, Box]);
type Tree = { leaf: number } | { left: Tree; right: Tree };
const Tree: z.ZodType<Tree> = z.lazy(() =>
  z.union([z.object({ leaf: z.number() }), z.object({ left: Tree, right: Tree })]),
);

it.each<[string, StandardSchema, unknown, string]>([
  ["at the top", Point, { x: 1, yy: 2 }, 'there is no field "yy". Did you mean "y"? It takes: x, y'],
  ["in an object", z.object({ to: Point }), { to: { x: 1, z: 1 } }, 'to: there is no field "z". It takes: x, y'],
  [
    "in what may be left out, null or a default",
    z.object({ a: Point.optional(), b: Point.nullable(), c: Point.default({ x: 1, y: 1 }) }),
    { a: { x: 1, p: 1 }, b: { x: 1, q: 1 }, c: { x: 1, r: 1 } },
    'a: there is no field "p". It takes: x, y; b: there is no field "q". It takes: x, y; c: there is no field "r". It takes: x, y',
  ],
  [
    "in an array",
    z.object({ goals: z.array(Point) }),
    { goals: [{ x: 1 }, { x: 1, z: 3 }] },
    'goals.1: there is no field "z". It takes: x, y',
  ],
  [
    "in a tuple",
    z.object({ pair: z.tuple([Point, Circle]) }),
    {
      pair: [
        { x: 1, z: 1 },
        { kind: "circle", radius: 1 },
      ],
    },
    'pair.0: there is no field "z". It takes: x, y',
  ],
  [
    "in a record",
    z.object({ by: z.record(z.string(), Point) }),
    { by: { home: { x: 1, z: 1 } } },
    'by.home: there is no field "z". It takes: x, y',
  ],
  [
    "in an intersection",
    z.intersection(Point, z.object({ name: z.string() })),
    { x: 1, name: "a", nam: "b" },
    'there is no field "nam". Did you mean "name"? It takes: x, y, name',
  ],
  [
    "in the variant that is meant",
    Shape,
    { kind: "circle", radius: 1, width: 2 },
    'there is no field "width" where kind is "circle". It takes: kind, radius',
  ],
  [
    "in a field of a variant",
    z.object({ shapes: z.array(Shape) }),
    { shapes: [{ kind: "box", width: 1, at: { x: 1, z: 1 } }] },
    'shapes.0.at: there is no field "z". It takes: x, y',
  ],
  [
    "in a schema that contains itself",
    z.object({ tree: Tree }),
    { tree: { left: { leaf: 1 }, right: { leaf: 1, lef: 2 } } },
    'tree.right: there is no field "lef" where leaf is given. Did you mean "leaf"? It takes: leaf',
  ],
  [
    "in the variant that the library takes",
    z.union([z.object({ a: z.number() }), z.object({ b: z.string() })]),
    { a: 1, b: "x" },
    'there is no field "b" where a is given. It takes: a',
  ],
  ["of a strict schema, once", z.strictObject({ a: z.number() }), { a: 1, b: 1 }, 'there is no field "b". It takes: a'],
  [
    "beside what else is wrong",
    Circle,
    { kind: "circle", radus: 1 },
    'there is no field "radus". Did you mean "radius"? It takes: kind, radius; radius: Invalid input: expected number, received undefined',
  ],
])("refuses a field that the schema does not know %s", async (_, schema, value, problem) => {
  expect(await problemOf(schema, value)).toBe(`Invalid input: ${problem}`);
});

it.each<[string, StandardSchema, unknown]>([
  ["a loose object", z.looseObject({ a: z.number() }), { a: 1, b: { c: 1 } }],
  ["a catchall", z.object({ a: z.number() }).catchall(z.string()), { a: 1, b: "x" }],
  ["a record", z.record(z.string(), z.unknown()), { a: { b: 1 } }],
  ["any value", z.object({ a: z.any(), b: z.unknown() }), { a: { x: 1 }, b: [{ y: 1 }] }],
  [
    "a union with such a variant",
    z.union([z.object({ a: z.number() }), z.object({ a: z.number(), b: z.number() })]),
    { a: 1, b: 2 },
  ],
  ["a schema that contains itself", z.object({ tree: Tree }), { tree: { left: { leaf: 1 }, right: { leaf: 2 } } }],
])("takes what %s allows", async (_, schema, value) => {
  expect(await new InputCheck(schema).parse(value, "input")).toBeTypeOf("object");
});

it("lists some of many fields, and shows the beginning of a long name", async () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`field${index}`, 1]));
  const message = await problemOf(Point, { ...many, x: 1 });
  expect(message.match(/there is no field/g)).toHaveLength(5);
  expect((await problemOf(Point, { x: 1, ["n".repeat(100_000)]: 1 })).length).toBeLessThan(200);
});

it("takes a field that is undefined as left out", async () => {
  expect(await new InputCheck(Point).parse({ x: 1, speed: undefined }, "input")).toEqual({ x: 1, y: 0 });
});

/** A library that drops what it does not know, and is not zod. */
function other(json: Record<string, unknown>): StandardSchema {
  const validate = (value: unknown) => ({ value });
  return { "~standard": { version: 1, vendor: "other", validate, jsonSchema: { input: () => json } } };
}

it("goes by the JSON Schema of any library: references, patterns, additionalProperties", async () => {
  const point = { type: "object", properties: { x: { type: "number" } } };
  const schema = other({
    type: "object",
    $defs: { point, open: { ...point, additionalProperties: true } },
    properties: { at: { $ref: "#/$defs/point" }, open: { $ref: "#/$defs/open" }, self: { $ref: "#" } },
    patternProperties: { "^x-": { $ref: "#/$defs/point" } },
  });
  expect(await problemOf(schema, { at: { x: 1 }, open: { y: 1 }, self: { "x-1": { x: 1 } } })).toMatch(/^\{/);
  expect(await problemOf(schema, { self: { at: { z: 1 } }, "x-1": { y: 1 } })).toBe(
    'Invalid input: self.at: there is no field "z". It takes: x; x-1: there is no field "y". It takes: x',
  );
  expect(await problemOf(other({ $ref: "https://example.com/schema" }), { a: 1 })).toBe('{"a":1}');
});

it("ends with a value that contains itself, and with a union that asks the same at every level", async () => {
  const loop: Record<string, unknown> = { x: 1 };
  loop.self = loop;
  const schema = other({ type: "object", properties: { x: {}, self: { $ref: "#" } } });
  await new InputCheck(schema).parse(loop, "input");
  const node = { type: "object", properties: { child: { $ref: "#" } }, required: ["child"] };
  const nested = other({ anyOf: [{ ...node }, { ...node }, { type: "null" }] });
  // Fits no variant, which shows at the bottom only.
  let deep: unknown = "leaf";
  for (let level = 0; level < 60; level++) deep = { child: deep };
  await new InputCheck(nested).parse(deep, "input");
});

it("says in words what is wrong with a union", async () => {
  expect(await problemOf(z.union([Circle, Box]), { kind: "circle" })).toBe(
    "Invalid input: radius: Invalid input: expected number, received undefined",
  );
  expect(await problemOf(Shape, { kind: "cone" })).toMatch(/^Invalid input: kind: .*'circle' \| 'box'/);
  expect(await problemOf(z.union([z.object({ a: z.number() }), z.object({ b: z.number() })]), {})).toBe(
    "Invalid input: it fits no variant: a: Invalid input: expected number, received undefined, or b: Invalid input: expected number, received undefined",
  );
});
