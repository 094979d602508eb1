import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";

test("gives the same numbers for the same seed and others for another", () => {
  const draw = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          random.next()
      )(seededRandom(seed)),
    );
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test("is uniform and normal to a percent or two", () => {
  const random = seededRandom(1);
  const n = 20_000;
  let [mean, normalMean, variance] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    mean += random.next() / n;
    const g = random.gaussian();
    normalMean += g / n;
    variance += (g * g) / n;
  }
  expect(mean).toBeCloseTo(0.5, 1);
  expect(Math.abs(normalMean)).toBeLessThan(0.03);
  expect(variance).toBeGreaterThan(0.96);
  expect(variance).toBeLessThan(1.04);
});
