import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPlaces, writePlaces } from "./places-file.ts";

const directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "places-"));
const HERE = [{ name: "here", x: 1, y: 2, yaw: 0 }];

test("a file of places that cannot be read is a sentence with its path and what to do", async () => {
  const fifo = join(directory, "fifo.json");
  expect(spawnSync("mkfifo", [fifo]).status).toBe(0);
  await expect(readPlaces(fifo)).rejects.toMatchObject({
    code: "MALFORMED_PLACES",
    message: `The places in ${fifo} cannot be read: it is a FIFO, not a file. Use a file`,
  });
  writeFileSync(join(directory, "cut.json"), '{"places": {');
  await expect(readPlaces(join(directory, "cut.json"))).rejects.toThrow(/^The places in .*cut\.json cannot be read: /);
  expect(await readPlaces(join(directory, "none.json"))).toEqual(new Map());
});

test("a place that cannot be kept is a sentence, and leaves no half file", async () => {
  const taken = join(directory, "taken");
  mkdirSync(join(taken, "below"), { recursive: true });
  await expect(writePlaces(taken, HERE)).rejects.toMatchObject({
    code: "PLACES_NOT_KEPT",
    message: expect.stringMatching(
      /^The places cannot be kept in .*taken: it is a directory, not a file\. .*They are known until the run ends$/,
    ),
  });
  await expect(writePlaces(join(directory, "cut.json", "below"), HERE)).rejects.toThrow(
    "a file is in the place of a directory",
  );
  expect(readdirSync(directory).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
