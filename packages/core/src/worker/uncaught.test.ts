import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { describeUncaught } from "./uncaught.ts";

const here = fileURLToPath(import.meta.url);
const what = "an error that nobody caught";

it("names the module whose file the error comes from, and every one of that file (E6)", () => {
  const arm = { instance: "robot0/Arm", source: here };
  const camera = { instance: "Camera", source: "/robots/camera.ts" };
  const error = new TypeError("x is not a function\nand more");
  error.stack = `${error}\n    at new Arm (file://${here}:5:1)\n    at file:///robots/camera.ts:7:3`;
  expect(describeUncaught(what, error, [camera, arm])).toEqual({
    text: "an error that nobody caught, in robot0/Arm: TypeError: x is not a function",
    module: "robot0/Arm",
  });
  expect(describeUncaught(what, error, [arm, { ...arm, instance: "robot1/Arm" }])).toEqual({
    text: "an error that nobody caught, in robot0/Arm or robot1/Arm: TypeError: x is not a function",
    module: undefined,
  });
  expect(describeUncaught(what, error, [])).toEqual({
    text: "an error that nobody caught: TypeError: x is not a function",
    module: undefined,
  });
  expect(describeUncaught(what, "no error at all", [arm]).text).toBe("an error that nobody caught: no error at all");
});
