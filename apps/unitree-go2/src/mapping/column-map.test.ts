import { describe, expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { cloudFromSensor, Lidar } from "../sensors/lidar.ts";
import { loadWorld } from "../world/load-world.ts";
import type { World } from "../world/world.ts";
import { ColumnMap } from "./column-map.ts";

const Z = 0.42;

/** Looks around from each place, `scans` times. */
function lookAround(world: World, map: ColumnMap, places: ReadonlyArray<readonly [number, number]>, scans = 10): void {
  const lidar = new Lidar(world, { seed: 4 });
  for (const [x, y] of places) {
    for (let i = 0; i < scans; i++) {
      const at = { x, y, z: Z, yaw: 0.3 };
      map.integrate(cloudFromSensor(lidar.scan(at), at), at);
    }
  }
}

function isObstacleAt(map: ColumnMap, x: number, y: number): boolean {
  const { originX, originY, width } = map.bounds;
  const cell = Math.floor((y - originY) / map.resolution) * width + Math.floor((x - originX) / map.resolution);
  return map.obstacles()[cell] === 1;
}

test("shows obstacles only where some are, to a cell or two", () => {
  const world = loadWorld("office");
  const map = new ColumnMap();
  lookAround(world, map, [
    [2, 5.2],
    [7, 6],
    [10, 4.8],
  ]);
  const { originX, originY, width } = map.bounds;
  let count = 0;
  map.obstacles().forEach((isObstacle, cell) => {
    if (isObstacle === 0) return;
    count++;
    const x = originX + ((cell % width) + 0.5) * map.resolution;
    const y = originY + (Math.floor(cell / width) + 0.5) * map.resolution;
    expect(world.distanceFrom(x, y)).toBeLessThan(0.08);
  });
  expect(count).toBeGreaterThan(600);
});

test("knows what it has not seen", () => {
  const world = bareWorld(block(7.1, 5, 0.2, 4));
  const map = new ColumnMap();
  lookAround(world, map, [[5, 5]]);
  const { originX, originY, width } = map.bounds;
  const seenAt = (x: number, y: number) =>
    map.seen()[Math.floor((y - originY) / 0.05) * width + Math.floor((x - originX) / 0.05)];
  expect(seenAt(6, 5)).toBe(1);
  expect(seenAt(7.5, 5) ?? 0).toBe(0);
});

test("finds a thing that was put there and loses it when it is taken away", () => {
  const world = bareWorld(block(9.5, 5, 0.2, 10));
  const map = new ColumnMap();
  lookAround(world, map, [[5, 5]]);
  expect(isObstacleAt(map, 6.77, 5)).toBe(false);
  const remove = world.add(block(7, 5, 0.5, 0.5));
  lookAround(world, map, [[5, 5]], 2);
  expect(isObstacleAt(map, 6.77, 5)).toBe(true);
  remove();
  lookAround(world, map, [[5, 5]], 20);
  expect(isObstacleAt(map, 6.77, 5)).toBe(false);
});

test("loses a tall thing with all of its height, though no ray passes some of its layers", () => {
  const world = bareWorld(block(9.5, 5, 0.2, 10));
  const map = new ColumnMap();
  const remove = world.add(block(7, 5, 0.4, 0.4));
  lookAround(world, map, [[5.5, 5]]);
  remove();
  // From afar the rings lie so wide apart that they pass over and under most of it.
  lookAround(world, map, [[1, 5]], 20);
  const left = [-0.1, -0.05, 0, 0.05, 0.1].filter((y) => isObstacleAt(map, 6.82, 5 + y));
  expect(left).toEqual([]);
});

test("loses at the next look what it doubts and is gone, and keeps what is there or cannot be seen", () => {
  const world = bareWorld(block(9.5, 5, 0.2, 10), block(5, 6.5, 0.5, 0.5));
  // Lower than the lowest ray that passes: the lidar sees it from afar, and not from beside it.
  const low = world.add({ ...block(5.3, 5, 0.1, 0.3), top: 0.1 });
  const map = new ColumnMap();
  const remove = world.add(block(6, 5.8, 0.3, 0.3));
  lookAround(world, map, [
    [6.3, 5],
    [5, 5],
  ]);
  const at = () => [isObstacleAt(map, 5.88, 5.8), isObstacleAt(map, 5, 6.27), isObstacleAt(map, 5.33, 5)];
  expect(at()).toEqual([true, true, true]);
  remove();
  low();
  map.doubt(5, 5, 2);
  expect(at()).toEqual([true, true, true]);
  lookAround(world, map, [[5, 5]], 3);
  expect(at()).toEqual([false, true, true]);
});

test("keeps a wall along which it looks", () => {
  const world = bareWorld(block(5, 5.45, 8, 0.1));
  const map = new ColumnMap();
  lookAround(world, map, [[5, 5]], 60);
  const gaps = Array.from({ length: 60 }, (_, i) => 3.5 + i * 0.05).filter(
    (x) => ![5.36, 5.41, 5.46].some((y) => isObstacleAt(map, x, y)),
  );
  expect(gaps).toEqual([]);
});

test("does not take what hangs above the robot for an obstacle, but has it in its points", () => {
  const world = bareWorld({ ...block(7, 5, 1, 2), bottom: 0.7, top: 0.8 });
  const map = new ColumnMap();
  lookAround(world, map, [[5, 5]]);
  expect(map.obstacles().includes(1)).toBe(false);
  const heights = Array.from({ length: map.points().length / 3 }, (_, i) => map.points()[3 * i + 2]);
  expect(heights.length).toBeGreaterThan(10);
  expect(new Set(heights.map((z) => z?.toFixed(2)))).toEqual(new Set(["0.71", "0.81"]));
});

test("grows with what is seen and keeps what it had, up to its largest size", () => {
  const map = new ColumnMap({ maxSize: 20 });
  const at = (x: number) => ({ x, y: 0, z: Z });
  for (let i = 0; i < 2; i++) map.integrate(Float32Array.of(1.02, 0.02, 0.3), at(0));
  expect(map.bounds.width * map.resolution).toBeLessThan(5);
  for (let i = 0; i < 2; i++) map.integrate(Float32Array.of(-6.02, 0.02, 0.3), at(-5));
  expect(isObstacleAt(map, 1.02, 0.02)).toBe(true);
  expect(isObstacleAt(map, -6.02, 0.02)).toBe(true);
  const bounds = map.bounds;
  map.integrate(Float32Array.of(500, 0, 0.3), at(0));
  expect(map.bounds).toEqual(bounds);
  expect(() => map.integrate(new Float32Array(3), at(Number.NaN))).toThrow(/is not where a scan can come from/);
});

const [INF, NAN] = [Number.POSITIVE_INFINITY, Number.NaN];

test.each([
  [INF, 0, 0],
  [-INF, 0, 0],
  [0, INF, 0.3],
  [INF, INF, INF],
  [0, 0, INF],
  [NAN, 0, 0],
  [3, NAN, 0.3],
  [3, 0, NAN],
])("leaves a point at (%d, %d, %d) out, and takes the others of its scan", (...point) => {
  const sensor = { x: 0, y: 0, z: 0.3 };
  const [map, withoutIt] = [new ColumnMap(), new ColumnMap()];
  for (const each of [map, withoutIt]) each.integrate(Float32Array.of(3, 0, 0), sensor);
  for (let i = 0; i < 3; i++) {
    map.integrate(Float32Array.of(2, 1, 0.3, ...point, 5, 0, 0.2), sensor);
    withoutIt.integrate(Float32Array.of(2, 1, 0.3, 5, 0, 0.2), sensor);
  }
  expect(map.bounds).toEqual(withoutIt.bounds);
  expect(map.obstacles()).toEqual(withoutIt.obstacles());
  expect(map.seen()).toEqual(withoutIt.seen());
  expect(map.obstacles()).toContain(1);
});

test("looks along a ray no farther than the map reaches, whatever numbers it is made of", () => {
  const map = new ColumnMap({ maxSize: 10 });
  map.integrate(Float32Array.of(3, 0, 0, 3.4e38, -3.4e38, 0, 3.4e38, 0, 3.4e38), { x: 0, y: 0, z: 0.3 });
  map.integrate(Float32Array.of(3, 0, 0), { x: 99_999, y: 0, z: 0.3 });
  map.integrate(Float32Array.of(3, 0, 0), { x: 0, y: -99_999, z: -99_999 });
  expect(map.bounds.width * map.resolution).toBeLessThanOrEqual(10);
  for (const far of [
    { x: 1e300, y: 0, z: 0.3 },
    { x: 0, y: 0, z: -1e300 },
  ])
    expect(() => map.integrate(Float32Array.of(3, 0, 0), far)).toThrow(/is not where a scan can come from/);
});

/** The low and the high end of the map along x, and along y, to a millimetre. */
function edgesOf({ bounds: { originX, originY, width, height }, resolution }: ColumnMap) {
  const ends = [originX, originX + width * resolution, originY, originY + height * resolution];
  return ends.map((metres) => Math.round(metres * 1000) / 1000);
}

function isSeenAt(map: ColumnMap, x: number, y: number): boolean {
  const { originX, originY, width } = map.bounds;
  return (
    map.seen()[Math.floor((y - originY) / map.resolution) * width + Math.floor((x - originX) / map.resolution)] === 1
  );
}

describe("a point beyond the largest map", () => {
  test("in each scan does not keep the map from growing with the others, is counted, and its ray carves to the edge", () => {
    const map = new ColumnMap();
    for (let x = 0; x <= 25; x++) {
      const scan = Float32Array.of(12 + x, 9, 0.3, 100, 0, 0.3);
      for (let i = 0; i < 2; i++) expect(map.integrate(scan, { x, y: 0, z: Z }).beyond).toBe(x > 40 ? 0 : 1);
    }
    expect(edgesOf(map)).toEqual([0, 38, 0, 10]);
    expect(isObstacleAt(map, 37.01, 9.01)).toBe(true);
    expect(isSeenAt(map, 37.9, 0)).toBe(true);
  });

  test("does not widen the map along its other coordinate either", () => {
    const map = new ColumnMap();
    map.integrate(Float32Array.of(3, 0.5, 0, 3.4e38, 29, 0, 1, -3.4e38, 0), { x: 0, y: 0, z: Z });
    expect(edgesOf(map)).toEqual([0, 4, 0, 2]);
  });
});

test("grows first towards what is nearer to its sensor, where both together are too much", () => {
  const map = new ColumnMap({ maxSize: 20 });
  expect(map.integrate(Float32Array.of(-9, 0, 0, 12.5, 0, 0), { x: 0, y: 0, z: Z }).beyond).toBe(1);
  expect(edgesOf(map)).toEqual([-10, 10, 0, 2]);
});

describe("at its largest size", () => {
  const wall = (x: number) => Float32Array.of(x, 0.02, 0.3, x, 1.02, 0.3);
  const walk = (map: ColumnMap, far: number) => {
    let forgot = 0;
    for (let x = 0; x <= far; x++) {
      for (let i = 0; i < 2; i++) if (map.integrate(wall(x + 4), { x, y: 0, z: Z }).forgot) forgot++;
    }
    return forgot;
  };

  test("a map follows its sensor: it has what is around that, in its place, and forgets what lies farthest", () => {
    const map = new ColumnMap({ maxSize: 20 });
    expect(walk(map, 15)).toBe(0);
    expect(edgesOf(map)).toEqual([0, 20, 0, 2]);
    expect(walk(map, 40)).toBeGreaterThan(5);
    expect(edgesOf(map)).toEqual([26, 46, 0, 2]);
    expect(isObstacleAt(map, 44.01, 0.02)).toBe(true);
    expect(isObstacleAt(map, 44.01, 1.02)).toBe(true);
    // Back where it had been, it begins there as if it had never been there.
    expect(map.integrate(wall(3), { x: 1, y: 0, z: Z }).forgot).toBe(true);
    expect(edgesOf(map)).toEqual([0, 20, 0, 2]);
    expect(map.obstacles().includes(1)).toBe(false);
  });

  test("a map that stays forgets nothing, and is still carved from outside", () => {
    const map = new ColumnMap({ maxSize: 20, follows: false });
    for (let i = 0; i < 2; i++) map.integrate(Float32Array.of(4, 1.52, 0.3, 4, 1.92, 0.3), { x: 0, y: 0, z: Z });
    expect(walk(map, 40)).toBe(0);
    expect(edgesOf(map)).toEqual([0, 20, 0, 2]);
    const stands = () => [1.52, 1.92].map((y) => isObstacleAt(map, 4.01, y));
    expect(stands()).toEqual([true, true]);
    for (let i = 0; i < 8; i++) map.integrate(Float32Array.of(-10, 1.52, 0.3), { x: 30, y: 1.52, z: 0.3 });
    expect(stands()).toEqual([false, true]);
    expect(map.integrate(wall(45), { x: 41, y: 0, z: Z })).toEqual({ points: 2, beyond: 2, forgot: false });
  });
});
