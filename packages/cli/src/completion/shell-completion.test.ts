import { expect, it } from "vitest";
import type { App } from "../connection/connect.ts";
import { completeLine } from "./shell-completion.ts";

const app = {
  listModules: () => [{ instance: "Camera" }, { instance: "Legs" }],
  listSkills: () => [
    { name: "move", input: { properties: { forward: {}, left: {} } } },
    { name: "mute", input: {} },
  ],
  listRpcs: () => [{ name: "capture" }],
} as unknown as App;

it.each([
  ["app.Ca", [["Camera"], "Ca"]],
  ["await app.skills.mo", [["move"], "mo"]],
  ["await skills.", [["move", "mute"], ""]],
  ["x = Camera.c", [["capture"], "c"]],
  ["app.Camera.", [["capture"], ""]],
  ["app.Camera._lens.f", [[], "f"]],
  ["await skills.move({ fo", [["forward: "], "fo"]],
  ["await skills.move({ forward: 1, l", [["left: "], "l"]],
  ["Math.ma", undefined],
  ["await Ca", [["Camera"], "Ca"]],
  ["ap", [["app"], "ap"]],
  ["Mat", undefined],
])("Tab after %j offers %j", (line, offered) => {
  expect(completeLine(line, app)).toEqual(offered);
});
