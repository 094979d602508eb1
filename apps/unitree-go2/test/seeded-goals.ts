import type { PlanarPose } from "../src/planar-pose.ts";
import { seededRandom } from "../src/random.ts";
import type { World } from "../src/world/world.ts";

/** Goals all over the floor, each with `room` metres to every obstacle. */
export function seededGoals(world: World, count: number, seed: number, room: number): PlanarPose[] {
  const random = seededRandom(seed);
  const goals: PlanarPose[] = [];
  while (goals.length < count) {
    const goal = {
      x: random.next() * world.plan.width,
      y: random.next() * world.plan.depth,
      yaw: (2 * random.next() - 1) * Math.PI,
    };
    if (world.distanceFrom(goal.x, goal.y) >= room) goals.push(goal);
  }
  return goals;
}
