import { expect, test } from "vitest";
import { drawnMap } from "../../test/grid-drawing.ts";
import { Exploration } from "./exploration.ts";

const robot = { x: 3.25, y: 1.75, yaw: 0 };
const map = (...rows: string[]) => drawnMap(["##############", ...rows, "##############"], 0.5);

/** Known floor that ends to the left of the robot, with little behind it, and to the right, with more. */
const bothEnds = map(
  "?...........??", //
  "?...........??",
  "?...........??",
  "?...........??",
  "?...........??",
);
const rightEnd = map(
  "#...........??", //
  "#...........??",
  "#...........??",
  "#...........??",
  "#...........??",
);
const leftEnd = map(
  "?...........##", //
  "?...........##",
  "?...........##",
  "?...........##",
  "?...........##",
);
const closed = map(
  "#...........##", //
  "#...........##",
  "#...........##",
  "#...........##",
  "#...........##",
);

test("drives to where more is to be seen for the way, keeps to it while it is there, then takes the next", () => {
  const exploration = new Exploration();
  expect(exploration.look(bothEnds, robot)).toMatchObject({ kind: "go", goal: { x: 5.75, y: 1.75, yaw: 0 } });
  expect(exploration.look(bothEnds, { ...robot, x: 3.5 })).toEqual({ kind: "keep" });
  expect(exploration.coverage).toMatchObject({ frontiers: 2, unreachable: 0 });
  expect(exploration.look(leftEnd, robot)).toMatchObject({ kind: "go", goal: { x: 0.75, y: 1.75, yaw: Math.PI } });
  expect(exploration.goal).toMatchObject({ x: 0.75 });
});

test("is done when no frontier is left, and has seen all of it", () => {
  const exploration = new Exploration();
  exploration.look(rightEnd, robot);
  expect(exploration.coverage.fraction).toBeLessThan(1);
  expect(exploration.look(closed, robot)).toEqual({ kind: "done" });
  expect(exploration.coverage).toEqual({ area: 55 * 0.25, fraction: 1, frontiers: 0, unreachable: 0 });
});

test("tries a frontier twice that it cannot reach, then leaves it alone and says so", () => {
  const exploration = new Exploration();
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(exploration.look(rightEnd, robot).kind).toBe("go");
    exploration.goalEnded(false);
  }
  expect(exploration.look(rightEnd, robot)).toEqual({ kind: "done" });
  expect(exploration.coverage).toMatchObject({ frontiers: 0, unreachable: 1 });
});

test("does not come back to a frontier from which nothing more is to be seen", () => {
  const exploration = new Exploration();
  exploration.look(rightEnd, robot);
  exploration.goalEnded(true);
  expect(exploration.look(rightEnd, robot)).toEqual({ kind: "done" });
});

test("prefers a frontier that has not failed to a nearer one that has", () => {
  const exploration = new Exploration();
  const first = exploration.look(bothEnds, robot);
  exploration.goalEnded(false);
  const second = exploration.look(bothEnds, robot);
  expect(first.kind === "go" && second.kind === "go" && Math.abs(first.goal.x - second.goal.x) > 2).toBe(true);
});
