import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import { distanceTransform } from "./distance-transform.ts";

function bruteForce(obstacles: Uint8Array, width: number, height: number, resolution: number): number[] {
  const distances: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let best = Number.POSITIVE_INFINITY;
      obstacles.forEach((isObstacle, i) => {
        if (isObstacle) best = Math.min(best, Math.hypot((i % width) - x, Math.floor(i / width) - y));
      });
      distances.push(best * resolution);
    }
  }
  return distances;
}

test.each([1, 2, 3, 4])("equals the brute force on a random grid (seed %i)", (seed) => {
  const random = seededRandom(seed);
  const [width, height] = [23 + seed, 17];
  const obstacles = Uint8Array.from({ length: width * height }, () => (random.next() < 0.01 * seed ? 1 : 0));
  const distances = distanceTransform(obstacles, width, height, 0.05);
  bruteForce(obstacles, width, height, 0.05).forEach((expected, i) => {
    expect(distances[i]).toBeCloseTo(expected, 5);
  });
});

test("is infinite everywhere without an obstacle", () => {
  expect([...distanceTransform(new Uint8Array(6), 3, 2, 1)]).toEqual(Array(6).fill(Number.POSITIVE_INFINITY));
});
