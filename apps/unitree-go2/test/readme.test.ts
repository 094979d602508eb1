import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { lookAround } from "./readme.ts";

test("the program of the README does what it says", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const directory = await mkdtemp(join(tmpdir(), "go2-readme-"));
  const picture = join(directory, "view.png");
  const { there, back, collisions, smallestClearance } = await lookAround(picture);
  expect([there.status, back.status, collisions]).toEqual(["reached", "reached", 0]);
  expect(smallestClearance).toBeGreaterThan(0.15);
  expect(log.mock.calls[0]?.[0]).toMatchObject({ distanceLeft: expect.any(Number), detail: expect.any(String) });
  expect((await readFile(picture)).subarray(1, 4).toString()).toBe("PNG");
  await rm(directory, { recursive: true });
  log.mockRestore();
});
