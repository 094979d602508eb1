import { expect, test } from "vitest";
import { bareWorld, block } from "../../test/bare-world.ts";
import { loadWorld } from "../world/load-world.ts";
import { Camera } from "./camera.ts";
import { cameraInfo, pinhole } from "./pinhole.ts";

const optics = pinhole(64, 36);
const at = { x: 5, y: 5, z: 0.4, yaw: 0 };

/** Whether a pixel is clearly of this channel: 0 red, 1 green, 2 blue. */
function channelOf(picture: Uint8Array, column: number, row: number): number {
  const pixel = [...picture.subarray((row * 64 + column) * 3, (row * 64 + column) * 3 + 3)];
  return pixel.indexOf(Math.max(...pixel));
}

test("puts things where a pinhole camera sees them", () => {
  const red = { ...block(8, 6, 0.4, 0.6), color: [230, 10, 10] as const };
  const blue = { ...block(8, 4, 0.4, 0.6), color: [10, 10, 230] as const };
  const picture = new Camera(bareWorld(red, blue), optics).render(at);
  // 2.8 m ahead and 1 m to the left: 1 / 2.8 * focal pixels to the left of the middle.
  const column = Math.round((1 / 2.8) * optics.focal);
  expect(channelOf(picture, 32 - column, 18)).toBe(0);
  expect(channelOf(picture, 32 + column, 18)).toBe(2);
  const topRow = 18 - (0.6 / 2.8) * optics.focal;
  expect(channelOf(picture, 32 - column, Math.ceil(topRow) + 1)).toBe(0);
  expect(channelOf(picture, 32 + column, Math.floor(topRow) - 2)).not.toBe(2);
});

test("shows the nearer of two things, and the far one over the top of a low one", () => {
  const low = { ...block(6, 5, 0.5, 3), top: 0.2, color: [230, 10, 10] as const };
  const far = { ...block(9, 5, 0.5, 6), top: 2, color: [10, 10, 230] as const };
  const picture = new Camera(bareWorld(low, far), optics).render(at);
  expect(channelOf(picture, 32, 18)).toBe(2);
  expect(channelOf(picture, 32, 29)).toBe(0);
  expect(channelOf(picture, 32, 35)).toBe(0);
});

test("shows a thing on top of another one", () => {
  const table = { ...block(7, 5, 1.2, 3), top: 0.3, color: [230, 10, 10] as const };
  const cup = { ...block(7, 5, 0.2, 0.2), bottom: 0.3, top: 0.6, color: [10, 10, 230] as const };
  const picture = new Camera(bareWorld(table, cup), optics).render(at);
  expect(channelOf(picture, 32, 18)).toBe(2);
  expect(channelOf(picture, 20, 21)).toBe(0);
});

test("draws the same picture for the same pose, also into an array that is given", () => {
  const camera = new Camera(loadWorld("apartment"), optics);
  const pose = { ...loadWorld("apartment").plan.start, z: 0.4 };
  const first = camera.render(pose);
  const reused = new Uint8Array(64 * 36 * 3);
  expect(camera.render(pose, reused)).toBe(reused);
  expect(reused).toEqual(first);
  expect(new Set(first).size).toBeGreaterThan(50);
});

test("sees an obstacle from the moment it is there", () => {
  const world = bareWorld();
  const camera = new Camera(world, optics);
  expect(channelOf(camera.render(at), 32, 18)).not.toBe(2);
  world.add({ ...block(8, 5, 1, 1), color: [10, 10, 230] });
  expect(channelOf(camera.render(at), 32, 18)).toBe(2);
});

test("describes itself: 45 degrees high, square pixels, looking through the middle", () => {
  const { k, width, height } = cameraInfo(pinhole());
  expect([width, height]).toEqual([640, 360]);
  expect(k[0]).toBeCloseTo(180 / Math.tan(Math.PI / 8), 9);
  expect(k).toEqual([k[0], 0, 320, 0, k[0], 180, 0, 0, 1]);
});
