import { autoconnect, Module, moduleFields } from "@dimos/core";
import { expect, it } from "vitest";
import { z } from "zod";
import { refuseMisspeltModules } from "./misspelt-modules.ts";

const source = import.meta.url;
class FrontCamera extends Module({ source, config: z.object({ size: z.object({ width: z.number() }).optional() }) }) {}
class RearCamera extends Module({ source }) {}
const blueprint = autoconnect(FrontCamera.blueprint(), RearCamera.blueprint().namespace("robot0"));
const check = (values: object) => () =>
  refuseMisspeltModules(
    { path: "robot.json", values: values as Record<string, unknown> },
    blueprint,
    moduleFields(blueprint.entries),
  );

it("refuses a module whose name is nearly that of one here", () => {
  expect(check({ FrontCamra: { size: { width: 1 } } })).toThrow(
    'There is no module "FrontCamra" (from file robot.json). Did you mean "FrontCamera"?',
  );
});

it.each([
  ["modules of other blueprints", { Arm: {} }],
  ["a module here in any spelling", { "front-camera": {}, robot0_rear_camera: {}, "robot0/RearCamera": {} }],
  ["a setting that is an object", { size: { width: 1 } }],
  ["a module elsewhere beside the one here that it is like", { FrontCamera: {}, FrontCamera2: {} }],
  ["what is no module", { nWorkers: 1, frontCamra: 3 }],
])("leaves alone %s", (_, values) => {
  expect(check(values)).not.toThrow();
});
