import { readFileSync } from "node:fs";
import { Dimos } from "@dimos/porcelain";
import { expect, it } from "vitest";
import { moveIfFree, roundTheTree } from "./readme.ts";

it("does what the README says", async () => {
  expect(await roundTheTree()).toEqual({ corners: 4, status: "reached", bumps: 0 });
});

it("tells a robot that something else has from one that cannot move", async () => {
  const app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent" });
  await app.run(["acme-rover.patrol", "unitree-go2-skills"]);
  const abort = new AbortController();
  const { promise: underWay, resolve } = Promise.withResolvers<unknown>();
  const patrolling = app.skills.patrol({ rounds: 100 }, { signal: abort.signal, onProgress: resolve });
  await underWay;
  expect(await moveIfFree(app)).toBeUndefined();
  abort.abort();
  await expect(patrolling).rejects.toMatchObject({ code: "CALL_ABORTED" });
  expect(await moveIfFree(app)).toMatchObject({ moved: expect.any(Number) });
  await app.stop();
});

it("shows its own package.json in the documentation", () => {
  const page = readFileSync(new URL("../../../docs/blueprint-packages.md", import.meta.url), "utf8");
  const { dimos } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const shown = [...page.matchAll(/```json\n(?<json>.*?)```/gs)].map(({ groups }) => JSON.parse(groups?.json ?? ""));
  expect(shown.map((manifest) => manifest.dimos)).toContainEqual(dimos);
});
