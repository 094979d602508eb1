import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { assertRoomToStand } from "../simulator/body.ts";
import { loadWorld, parseWorld, worldNames } from "./load-world.ts";
import { Mover, partsAt } from "./mover.ts";
import { rectangleToShape } from "./rectangle.ts";

const small = { name: "small", size: [4, 3], start: { x: 1, y: 1, yawDegrees: 90 } };

function refusal(action: () => unknown): { code: unknown; message: string } {
  try {
    action();
  } catch (error) {
    return { code: (error as { code?: unknown }).code, message: (error as Error).message };
  }
  throw new Error("was not refused");
}

test.each(worldNames())("loads %s, with room to stand at its start and in each of its places", (name) => {
  const world = loadWorld(name);
  expect(world.plan.name).toBe(name);
  expect(world.plan.places.size).toBeGreaterThan(3);
  for (const [place, pose] of world.plan.places) {
    assertRoomToStand(world, pose, place);
    expect(world.distanceFrom(pose.x, pose.y), place).toBeGreaterThan(0.35);
  }
});

test.each(worldNames())("lets the people and carts of %s walk without touching anything that stands there", (name) => {
  const { plan, fixed } = loadWorld(name);
  const touched = new Set<string>();
  for (const mover of plan.movers ?? []) {
    const walker = new Mover(mover);
    for (let seconds = 0; seconds < 120; seconds += 0.2) {
      walker.advance(0.2, () => true);
      for (const part of partsAt(mover.parts, walker.pose)) {
        const size = part.kind === "box" ? part : { yaw: 0, length: part.radius * 2, width: part.radius * 2 };
        for (const shape of fixed) {
          if (part.top <= shape.bottom || part.bottom >= shape.top) continue;
          if (rectangleToShape({ ...part, ...size }, shape) === 0) touched.add(`${mover.label}: ${shape.label}`);
        }
      }
    }
  }
  expect([...touched]).toEqual([]);
});

test("knows its worlds by name", () => {
  expect(worldNames()).toEqual(["apartment", "maze", "office", "warehouse"]);
});

test("loads a file, with defaults, walls as boxes and angles in radians", () => {
  const directory = mkdtempSync(join(tmpdir(), "world-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "small.json");
  writeFileSync(file, JSON.stringify({ ...small, walls: [{ from: [0, 2], to: [4, 2] }] }));
  const { plan } = loadWorld(file);
  expect(plan.start.yaw).toBeCloseTo(Math.PI / 2, 12);
  expect(plan.shapes).toEqual([
    {
      kind: "box",
      label: "wall",
      x: 2,
      y: 2,
      yaw: 0,
      length: 4.12,
      width: 0.12,
      bottom: 0,
      top: 2.6,
      color: [0xe4, 0xdf, 0xd6],
    },
  ]);
});

test("names the known worlds for one that is unknown", () => {
  expect(refusal(() => loadWorld("offcie"))).toEqual({
    code: "UNKNOWN_WORLD",
    message: expect.stringMatching(
      /Unknown world "offcie". Known worlds: apartment, maze, office, warehouse; or give the path/,
    ),
  });
});

test("names a file that cannot be read", () => {
  expect(refusal(() => loadWorld("./no-such.json"))).toEqual({
    code: "UNKNOWN_WORLD",
    message: expect.stringMatching(/Cannot read the world file \.\/no-such\.json: ENOENT/),
  });
});

test("says what is wrong in a malformed file, and where", () => {
  expect(refusal(() => parseWorld("{", "a.json"))).toEqual({
    code: "MALFORMED_WORLD",
    message: expect.stringMatching(/World file a.json is not JSON: /),
  });
  const broken = { ...small, boxes: [{ at: [1, 2], size: [1, -1], top: 1, color: "red" }] };
  const { code, message } = refusal(() => parseWorld(JSON.stringify(broken), "b.json"));
  expect(code).toBe("MALFORMED_WORLD");
  expect(message).toMatch(/World file b.json is malformed:/);
  expect(message).toMatch(/at boxes\[0\]\.size\[1\]/);
  expect(message).toMatch(/expected a colour such as #8a6b4f/);
  expect(refusal(() => parseWorld("[]", "c.json")).code).toBe("MALFORMED_WORLD");
});

test("refuses a start pose inside a wall", () => {
  const blocked = { ...small, walls: [{ from: [0, 1], to: [4, 1] }] };
  expect(refusal(() => parseWorld(JSON.stringify(blocked), "d.json"))).toEqual({
    code: "START_BLOCKED",
    message:
      "The start pose of world d.json (x 1.00, y 1.00) is inside an obstacle (wall). Choose a place with 0.3 m around it.",
  });
});
