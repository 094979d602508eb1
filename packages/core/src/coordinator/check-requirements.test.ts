import { expect, it } from "vitest";
import { z } from "zod";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { resolveModuleSettings } from "../config/resolve.ts";
import { BlueprintError } from "../errors.ts";
import { Module } from "../module/module.ts";
import { checkRequirements } from "./check-requirements.ts";

it("fails with all messages at once, those of checks that throw included (C5)", async () => {
  const checks = [
    () => "the camera is not plugged in",
    () => undefined,
    async () => "no map in /maps",
    () => {
      throw new Error("EACCES /dev/video0");
    },
  ];
  await expect(checkRequirements(checks, [], [])).rejects.toThrow(
    new BlueprintError(
      "Requirements are not met:\n- the camera is not plugged in\n- no map in /maps\n- a check failed: EACCES /dev/video0",
    ),
  );
  await expect(checkRequirements([() => undefined], [], [])).resolves.toBeUndefined();
});

it("sees every module that will be started with the settings that count (C5)", async () => {
  class Camera extends Module({
    source: import.meta.url,
    config: z.object({ device: z.string(), hz: z.number().default(30), gain: z.number().default(1) }),
  }) {}
  const left = Camera.blueprint({ device: "/dev/video0" }).namespace("left");
  const { entries } = autoconnect(left, Camera.blueprint({ device: "/dev/video1" }).namespace("right"));
  const { settings } = await resolveModuleSettings(entries, { overrides: { "right/Camera": { hz: 5 } } });
  const check = checkRequirements([({ modules }) => JSON.stringify(modules)], entries, settings);
  const modules = [
    { instance: "left/Camera", className: "Camera", config: { device: "/dev/video0", hz: 30, gain: 1 } },
    { instance: "right/Camera", className: "Camera", config: { device: "/dev/video1", hz: 5, gain: 1 } },
  ];
  await expect(check).rejects.toThrow(new BlueprintError(`Requirements are not met:\n- ${JSON.stringify(modules)}`));
});
