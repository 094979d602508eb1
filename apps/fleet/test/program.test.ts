import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("the program says what the ground truth measured, and draws the map of both, on the built packages", {
  timeout: 240_000,
}, async () => {
  const pictures = await mkdtemp(join(tmpdir(), "fleet-"));
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, "--out", pictures]);
  expect(stdout.match(/^robot[01] +reached, 0\.[01]\d m from its goal/gm)).toHaveLength(2);
  expect(stdout.match(/walked, 0 collisions, smallest gap 0\.\d\d m/g)).toHaveLength(2);
  const picture = await readFile(join(pictures, "fleet-map.png"));
  expect([picture.subarray(1, 4).toString(), picture.length > 10_000]).toEqual(["PNG", true]);
  await rm(pictures, { recursive: true });
});
