import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PlaceBook } from "./place-book.ts";

async function file(text?: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "places-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "deep", "places.json");
  if (text === undefined) return path;
  const flat = join(directory, "places.json");
  await writeFile(flat, text);
  return flat;
}

const here = { x: 1, y: 2, yaw: 0.5 };

test("finds a place whatever its capitals, and hides the world's place of the same name", async () => {
  const book = new PlaceBook();
  book.offer([
    ["Kitchen", { x: 9, y: 9, yaw: 0 }],
    ["sofa", { x: 3, y: 3, yaw: 1 }],
  ]);
  expect(book.find(" kitchen ")).toEqual({ name: "Kitchen", x: 9, y: 9, yaw: 0, origin: "world" });
  expect(await book.tag("kitchen", here)).toBe(false);
  book.offer([["Kitchen", { x: 9, y: 9, yaw: 0 }]]);
  expect(book.list()).toEqual([
    { name: "kitchen", ...here, origin: "tagged" },
    { name: "sofa", x: 3, y: 3, yaw: 1, origin: "world" },
  ]);
  expect(await book.tag("Kitchen", here)).toBe(true);
});

test("says which places there are, and which may have been meant", () => {
  const book = new PlaceBook();
  expect(() => book.find("kitchen")).toThrow(
    expect.objectContaining({
      code: "UNKNOWN_PLACE",
      message: 'No place "kitchen" is known, nor any other: tagLocation names where the robot stands.',
    }),
  );
  book.offer([
    ["kitchen", here],
    ["sofa", here],
  ]);
  expect(() => book.find("kitchn")).toThrow(
    'No place "kitchn" is known. Did you mean "kitchen"? Known places: kitchen, sofa.',
  );
});

test("keeps what was tagged in its file, and not what the world offers", async () => {
  const path = await file();
  const first = new PlaceBook(path);
  await first.load();
  first.offer([["sofa", here]]);
  await first.tag("door", here);
  await first.tag("window", { x: -1, y: 0, yaw: 0 });
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
    places: { door: here, window: { x: -1, y: 0, yaw: 0 } },
  });
  const second = new PlaceBook(path);
  await second.load();
  expect(second.list().map(({ name }) => name)).toEqual(["door", "window"]);
});

test("refuses a file that has no places, and says where it is wrong", async () => {
  const broken = { code: "MALFORMED_PLACES" };
  await expect(new PlaceBook(await file("{")).load()).rejects.toMatchObject(broken);
  await expect(new PlaceBook(await file('{ "places": { "door": { "x": "1" } } }')).load()).rejects.toThrow(
    /has no places:\n.*places\.door\.x/s,
  );
});
