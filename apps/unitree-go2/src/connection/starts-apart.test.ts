import { expect, test } from "vitest";
import { startsApart } from "./starts-apart.ts";

const robot = (name: string, config: Record<string, unknown>) => ({
  instance: `${name}/Go2Connection`,
  className: "Go2Connection",
  config,
});
const first = robot("robot0", { startX: 2, startY: 5.2 });
const check = (...modules: ReturnType<typeof robot>[]) => startsApart({ modules });

test("two robots on one spot are refused with both names, where they would stand, and what to change", () => {
  expect(check(first, robot("robot1", { startX: 2.1, startY: 5.2, startYawDegrees: 180 }))).toBe(
    "robot0/Go2Connection (x 2.00, y 5.20) and robot1/Go2Connection (x 2.10, y 5.20) would stand in one another in the world office. Let one of them start 0.6 m away or more: --robot1_go2-connection.start-x, --robot1_go2-connection.start-y",
  );
});

test("every pair that overlaps is named", () => {
  const refused = check(
    first,
    robot("robot1", { startX: 2.4, startY: 5.2 }),
    robot("robot2", { startX: 2.2, startY: 5.2 }),
  );
  expect(refused?.split("\n- ").map((line) => line.match(/robot\d/g)?.slice(0, 2))).toEqual([
    ["robot0", "robot1"],
    ["robot0", "robot2"],
    ["robot1", "robot2"],
  ]);
});

test("robots that say nothing stand where their world says, both", () => {
  expect(check(robot("a", {}), robot("b", {}))).toMatch(/^a\/Go2Connection .* and b\/Go2Connection .* would stand/);
});

// The body is 0.5 m long and 0.3 m wide.
test.each([
  ["ahead, tail to nose", { startX: 2.49, startY: 5.2 }, true],
  ["ahead, with room", { startX: 2.51, startY: 5.2 }, false],
  ["beside", { startX: 2, startY: 5.49 }, true],
  ["beside, with room", { startX: 2, startY: 5.51 }, false],
  ["beside and turned", { startX: 2, startY: 5.59, startYawDegrees: 90 }, true],
  ["in another world", { startX: 2, startY: 5.2, world: "maze" }, false],
  ["a real one", { startX: 2, startY: 5.2, robotIp: "10.0.0.7" }, false],
])("a robot %s", (_, config, isRefused) => {
  expect(check(first, robot("robot1", config)) !== undefined).toBe(isRefused);
});

test("other modules are nobody's robot", () => {
  expect(startsApart({ modules: [first, { ...first, instance: "Painter", className: "Painter" }] })).toBeUndefined();
});
