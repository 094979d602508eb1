import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolveConfig } from "@dimos/core";
import { expect, test } from "vitest";
import { Go2Connection } from "../modules/go2-connection.ts";
import { loadWorld } from "./load-world.ts";

const directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "world-"));

test("a FIFO as the file of a world blocks nothing", () => {
  const path = join(directory, "fifo.json");
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  expect(() => loadWorld(path)).toThrow(
    `Cannot read the world file ${path}: it is not a file. Give the path of a file, or one of apartment, maze, office, warehouse`,
  );
});

test.each([
  ["a name that is none", "ofice", 'Unknown world "ofice". Known worlds: apartment'],
  [
    "a file that is not there",
    join(directory, "none.json"),
    `Cannot read the world file ${directory}/none.json: ENOENT`,
  ],
  ["a file without a world", join(directory, "empty.json"), `World file ${directory}/empty.json is malformed`],
])("%s is found with the settings, before anything is started", async (_title, world, reason) => {
  writeFileSync(join(directory, "empty.json"), "{}");
  const settings = resolveConfig(Go2Connection.blueprint(), { overrides: { world } });
  await expect(settings).rejects.toMatchObject({ code: "INVALID_CONFIG", message: expect.stringContaining(reason) });
  await expect(settings).rejects.toThrow("Invalid config of Go2Connection: world: ");
});

test("the world does not matter to a real robot", async () => {
  const overrides = { world: "ofice", robotIp: "192.168.12.1" };
  expect((await resolveConfig(Go2Connection.blueprint(), { overrides })).configs.get("Go2Connection")).toEqual(
    overrides,
  );
});
