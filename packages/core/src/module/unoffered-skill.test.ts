import { expect, it } from "vitest";
import { z } from "zod";
import type { StandardSchema } from "../schema.ts";
import { describeModule } from "./description.ts";
import { skill } from "./methods.ts";
import { Module } from "./module.ts";
import { testModule } from "./test-module.ts";

const inputs: Record<string, StandardSchema> = {
  date: z.object({ goals: z.array(z.object({ at: z.date().optional() })) }),
  bigint: z.object({ id: z.bigint() }),
  map: z.object({ a: z.union([z.string(), z.map(z.string(), z.number())]) }),
  custom: z.object({ when: z.custom<Date>(() => true), until: z.coerce.date() }),
  text: z.string(),
  throwing: {
    get "~standard"(): never {
      throw new Error("not built yet");
    },
  },
  old: { "~standard": { version: 1, vendor: "old-zod", validate: (value) => ({ value }) } },
};

class Clock extends Module({ source: import.meta.url }) {
  now = skill({ description: "The time.", input: z.object({ zone: z.string().default("utc") }) }, ({ zone }) => zone);
  // A skill of each kind, declared as fields would be.
  protected declared = Object.assign(
    this,
    Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, skill({ description: name, input }, () => "never")]),
    ),
  );
}

it("hides only the skill whose input cannot be expressed, and says which field and what to do (A6)", async () => {
  await using clock = await testModule(Clock);
  await clock.start();
  expect(await clock.module.now()).toBe("utc");
  const { skills, unoffered } = describeModule("Clock", clock.module);
  expect(skills.map(({ name }) => name)).toEqual(["now"]);
  expect(unoffered).toEqual([
    {
      name: "date",
      paths: ["goals[].at"],
      reason: 'a date at "goals[].at" cannot be expressed as JSON Schema',
      remedy: "Use z.iso.datetime() there, and new Date(text) in the code",
    },
    expect.objectContaining({ name: "bigint", paths: ["id"] }),
    expect.objectContaining({ name: "map", paths: ["a"] }),
    expect.objectContaining({
      name: "custom",
      paths: ["when", "until"],
      reason: 'a custom type at "when" and a date at "until" cannot be expressed as JSON Schema',
    }),
    expect.objectContaining({ name: "text", reason: "it is not an object", remedy: "Use z.object({ ... })" }),
    expect.objectContaining({ name: "throwing", reason: "it cannot be expressed as JSON Schema (not built yet)" }),
    expect.objectContaining({ name: "old", reason: "the library of the schema (old-zod) offers no JSON Schema" }),
  ]);
});

it("says so in the log, and to those who call it, with a code", async () => {
  await using clock = await testModule(Clock);
  const sentence =
    'The skill Clock.date is not offered, and cannot be called: in its input, a date at "goals[].at" cannot be expressed as JSON Schema. ' +
    "Use z.iso.datetime() there, and new Date(text) in the code";
  expect(clock.logged).toContain(`warn: ${sentence}`);
  expect(clock.logged).toHaveLength(Object.keys(inputs).length);
  const { date } = clock.module as unknown as { date(input: object): Promise<unknown> };
  await expect(date({ goals: [] })).rejects.toMatchObject({
    code: "SKILL_NOT_OFFERED",
    message: sentence,
    data: { skill: "Clock.date", paths: ["goals[].at"] },
  });
});

it("refuses an input that a skill without one is given", async () => {
  class Bare extends Module({ source: import.meta.url }) {
    ping = skill({ description: "Answers." }, () => "pong");
  }
  await using bare = await testModule(Bare);
  const { ping } = bare.module as unknown as { ping(input?: unknown): Promise<unknown> };
  expect(await ping()).toBe("pong");
  await expect(ping({ speed: 1 })).rejects.toThrow('Invalid input: there is no field "speed". It takes none');
  await expect(ping(5)).rejects.toThrow("Invalid input: expected no input, got number");
});
