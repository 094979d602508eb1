import { expect, it } from "vitest";
import { toolNames } from "./tool-names.ts";

const RESERVED = new Set(["server_status"]);

function named(...places: string[]): Record<string, string> {
  const split = places.map((place) => ({
    instance: place.slice(0, place.lastIndexOf(".")),
    skill: place.slice(place.lastIndexOf(".") + 1),
  }));
  const names = [...toolNames(split, RESERVED)].map(([name, { instance, skill }]) => [name, `${instance}.${skill}`]);
  return Object.fromEntries(names);
}

it("gives a skill its own name where only one instance has it", () => {
  expect(named("Skills.move", "Camera.look")).toEqual({ move: "Skills.move", look: "Camera.look" });
});

it("puts the instance before it where several have it, or where it is the name of another tool", () => {
  expect(named("robot0/Skills.move", "robot1/Skills.move", "Health.server_status", "robot0/Camera.look")).toEqual({
    robot0_Skills_move: "robot0/Skills.move",
    robot1_Skills_move: "robot1/Skills.move",
    Health_server_status: "Health.server_status",
    look: "robot0/Camera.look",
  });
});

it("gives the same names in whatever order skills come, also where instances differ in signs only", () => {
  const places = ["a/b.go", "a_b.go", "a-b.go", "a_b_go.look", "c.a_b_go"];
  const names = named(...places);
  expect(Object.keys(names)).toHaveLength(places.length);
  expect(named(...places.toReversed())).toEqual(names);
  expect(names).toMatchObject({ look: "a_b_go.look", a_b_go: "c.a_b_go" });
});

it("keeps to 64 letters, digits, _ and -", () => {
  const long = "x".repeat(80);
  const names = Object.keys(named(`${long}/A.móve`, `${long}/B.móve`, `C.${long}`));
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
});
