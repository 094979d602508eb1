import { expect, it } from "vitest";
import { seesNothing } from "./sees-nothing.ts";

const [INF, NAN] = [Number.POSITIVE_INFINITY, Number.NaN];

it("a cloud without a finite point away from its sensor shows nothing; one such point is a look", () => {
  const blind = [[], [NAN, NAN, NAN], [INF, 0, 0, 0, -INF, 0], [0, 0, 0, -0, 0, 0], [0, 0, NAN, 0, 0, 0]];
  expect(blind.map((xyz) => seesNothing(Float32Array.from(xyz)))).toEqual(blind.map(() => true));
  expect(seesNothing(Float32Array.of(NAN, 0, 0, 0, 0, 0, 0, 0, 0.4))).toBe(false);
});
