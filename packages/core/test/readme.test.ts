import { expect, it } from "vitest";
import { testModule } from "../src/testing.ts";
import { drawing, loose, whyStopAt } from "./readme-blueprints.ts";
import { runGuarded } from "./readme-coordinator.ts";
import { Patrol } from "./readme-patrol.ts";
import { Camera, LightMeter } from "./readme-streams.ts";
import { guardFoldsTheArm } from "./readme-testing.ts";

it("runs the system of the README", async () => {
  expect(await runGuarded()).toBe(false);
});

it("patrols as the README says, until it is stopped", async () => {
  const visited: unknown[] = [];
  const navigateTo = async (place: unknown) => {
    await new Promise(setImmediate);
    visited.push(place);
  };
  await using patrol = await testModule(Patrol, { refs: { legs: { navigateTo } } });
  expect(await patrol.module.startPatrol({ places: [] })).toMatchObject({ status: "refused" });
  expect(await patrol.module.startPatrol({ places: [{ x: 1, y: 2 }] })).toEqual({ status: "patrolling" });
  await expect.poll(() => visited.length).toBeGreaterThan(2);
  expect(await patrol.module.stopPatrol()).toEqual({ stopped: true });
  expect(patrol.module.startPatrol.isRunning).toBe(false);
});

it("tests the module of the README without a system (J1)", async () => {
  expect(await guardFoldsTheArm()).toBe(true);
});

it("draws and explains the blueprint of the README (C6)", async () => {
  expect(drawing).toContain('subgraph n1["right"]');
  expect(loose).toEqual([]);
  expect(await whyStopAt()).toEqual([
    { value: 0.4, source: "environment DIMOS_LEFT_GUARD__STOP_AT" },
    { value: 0.2, source: "caller" },
  ]);
});

it("measures light as the README says", async () => {
  await using camera = await testModule(Camera);
  await camera.start();
  await camera.clock.advance(40);
  const [picture] = camera.published("picture");
  await using meter = await testModule(LightMeter);
  await meter.start();
  await meter.publish("picture", picture as never);
  expect(meter.published("brightness")).toEqual([128]);
});
