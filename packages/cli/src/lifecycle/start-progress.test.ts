import { expect, it } from "vitest";
import { StartProgress } from "./start-progress.ts";

it("says what a start waits for, in every phase", () => {
  const progress = new StartProgress(["Camera", "Legs"]);
  const said = [`${progress}; ${progress.describeWait()}`];
  for (const [phase, module, done, total] of [
    ["spawn", "Camera", 1, 1],
    ["deploy", "Legs", 1, 2],
    ["deploy", "Camera", 2, 2],
    // The streams, told under the first module's name; then the references of each.
    ["wire", "Camera", 1, 1],
    ["wire", "Legs", 1, 2],
    ["wire", "Camera", 2, 2],
    ["build", "Camera", 1, 2],
    ["build", "Legs", 2, 2],
    ["start", "Camera", 1, 2],
    ["start", "Legs", 2, 2],
  ] as const) {
    progress.take({ phase, module, done, total });
    said.push(`${progress}; ${progress.describeWait()}`);
  }
  expect(said).toEqual([
    "spawn; it waited for its workers",
    "deploy 0/2: Camera, Legs; it waited for Camera, Legs to be deployed",
    "deploy 1/2: Camera; it waited for Camera to be deployed",
    "wire 0/2: Camera, Legs; it waited for Camera, Legs to be wired",
    "wire 0/2: Camera, Legs; it waited for Camera, Legs to be wired",
    "wire 1/2: Camera; it waited for Camera to be wired",
    "build 0/2: Camera, Legs; it waited for Camera, Legs to build",
    "build 1/2: Legs; it waited for Legs to build",
    "start 0/2: Camera, Legs; it waited for Camera, Legs to start",
    "start 1/2: Legs; it waited for Legs to start",
    "start 2/2; it waited for its workers",
  ]);
});

it("names so many modules as fit, and says how many more there are", () => {
  const progress = new StartProgress(["a", "b", "c", "d", "e", "f", "g"]);
  progress.take({ phase: "spawn", module: "a", done: 1, total: 1 });
  expect(String(progress)).toBe("deploy 0/7: a, b, c, d, e and 2 more");
});
