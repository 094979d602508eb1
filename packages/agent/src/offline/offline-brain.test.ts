import type { SkillTool } from "@dimos/core";
import { expect, test } from "vitest";
import { type SkillOutcome, Turn, type TurnEvent } from "../turn.ts";
import { OfflineBrain } from "./offline-brain.ts";

function tool(instance: string, name: string, properties: Record<string, object>): SkillTool {
  const uses = { uses: [], lifecycle: "instant", endedBy: undefined, timeoutMs: undefined } as const;
  return {
    tool: `${instance}-${name}`,
    instance,
    skill: { name, description: name, input: { type: "object", properties }, ...uses },
  };
}

const legs = (instance: string) =>
  tool(instance, "relativeMove", {
    forward: { type: "number" },
    left: { type: "number" },
    degrees: { type: "number", minimum: -1080, maximum: 1080 },
  });
const camera = (instance: string) => tool(instance, "observe", {});

/** What an agent in a namespace, or in none, calls and says for a message, among these skills. */
async function hear(
  text: string,
  tools: readonly SkillTool[],
  { agent = "Agent", answer = async (): Promise<unknown> => ({ status: "reached", moved: 1 }) } = {},
) {
  const called: [instance: string, input: unknown][] = [];
  const said: string[] = [];
  const turn = new Turn({
    text,
    signal: new AbortController().signal,
    skills: {
      list: async () => tools,
      call: async ({ instance, skill }, input) => {
        called.push([`${instance}.${skill.name}`, input]);
        return answer();
      },
      estop: () => Promise.reject(new Error("nobody asked for it")),
    },
    tell: ({ kind, text: told }: TurnEvent) => kind === "said" && said.push(told),
  });
  await new OfflineBrain(agent).answer(turn);
  return { called, said: said.join(" "), hasFailed: turn.hasFailed };
}

test("nothing of a message is done when a part of it is not understood (K3)", async () => {
  for (const text of ["walk forward 1 m, then flumph", "flumph and walk forward 1 m", "walk forward 1 m and 50%"])
    expect(await hear(text, [legs("Legs")])).toMatchObject({
      called: [],
      hasFailed: true,
      said: expect.stringContaining("have done nothing"),
    });
});

test("nothing of a message is done when a skill would refuse a number in it, or is not there", async () => {
  expect(await hear("walk forward 1 m, then turn left 2000 degrees", [legs("Legs")])).toMatchObject({
    called: [],
    said: 'The skill "relativeMove" takes degrees up to 1080, and not 2000. I have done nothing.',
  });
  expect(await hear("walk forward 1 m, then turn right 2000 degrees", [legs("Legs")])).toMatchObject({ called: [] });
  expect(await hear("walk forward 1 m, then take a picture", [legs("Legs")])).toMatchObject({
    called: [],
    said: expect.stringContaining('For that I need a skill "observe"'),
  });
});

test("the robot does not go on from where it was blocked", async () => {
  const blocked = async () => ({ status: "blocked", moved: 0.3, error: "A wall is in the way." });
  const { called, said } = await hear("walk forward 1 m, turn left", [legs("Legs")], { answer: blocked });
  expect(called).toEqual([["Legs.relativeMove", { forward: 1 }]]);
  expect(said).toMatch(/I did not go on with "turn left"/);
});

test("no other robot moves than the one that was named, or whose agent this is", async () => {
  const both = [legs("robot0/Legs"), camera("robot1/Eye")];
  expect(await hear("robot1: walk forward 1 m", both)).toMatchObject({
    called: [],
    said: expect.stringContaining("there is none on robot1"),
  });
  const two = [legs("robot0/Legs"), legs("robot1/Legs")];
  const moved = (robot: string) => ({ called: [[`${robot}/Legs.relativeMove`, { forward: 1 }]] });
  expect(await hear("robot1: walk forward 1 m", two)).toMatchObject(moved("robot1"));
  expect(await hear("walk forward 1 m", two, { agent: "robot0/Agent" })).toMatchObject(moved("robot0"));
  expect(await hear("robot1: walk forward 1 m", two, { agent: "robot0/Agent" })).toMatchObject(moved("robot1"));
  expect(await hear("walk forward 1 m", two)).toMatchObject({
    called: [],
    said: expect.stringMatching(/^Several robots can do that: robot0, robot1\./),
  });
});

test("a skill that fails is told, and is not taken for done", async () => {
  const fail = async (): Promise<SkillOutcome> => Promise.reject(new Error("no battery"));
  expect(await hear("walk forward 1 m", [legs("Legs")], { answer: fail })).toMatchObject({
    hasFailed: true,
    said: expect.stringContaining("That did not work: no battery"),
  });
});
