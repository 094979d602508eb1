import type { PlanarPose } from "../planar-pose.ts";
import { Mover, type MoverState, partsAt } from "../world/mover.ts";
import { type Rectangle, rectangleToShape } from "../world/rectangle.ts";
import { boundingRadius, type Shape } from "../world/shape.ts";
import type { World } from "../world/world.ts";

/** People see a robot and stop this far from its body, as long as it stands in their way. Metres. */
export const KEEP_OFF_M = 0.5;
/** And this far from one another, and from what was put into their way. Metres. */
const KEEP_APART_M = 0.3;
/** So long they wait before they go back the way they came. Seconds. */
export const PATIENCE_S = 4;

/** How somebody walks: on its path, and for how long something has been in the way, seconds. */
export interface WalkState extends MoverState {
  readonly waited: number;
}

/** The people and carts of a world, in the time of the simulation: the same run, the same walks. */
export class Traffic {
  readonly #world: World;
  readonly #movers: readonly { readonly mover: Mover; parts: Shape[]; waited: number }[];

  constructor(world: World) {
    this.#world = world;
    this.#movers = (world.plan.movers ?? []).map((plan) => {
      const mover = new Mover(plan);
      return { mover, parts: partsAt(plan.parts, mover.pose), waited: 0 };
    });
    this.#show();
  }

  get isEmpty(): boolean {
    return this.#movers.length === 0;
  }

  /** How everybody walks, in the order of the world file. */
  get state(): readonly WalkState[] {
    return this.#movers.map(({ mover, waited }) => ({ ...mover.state, waited }));
  }

  /** Goes on from the state of the same traffic elsewhere. */
  take(state: readonly WalkState[]): void {
    if (this.isEmpty || state.length !== this.#movers.length) return;
    this.#movers.forEach((entry, i) => {
      const walk = state[i] as WalkState;
      entry.mover.take(walk);
      entry.waited = walk.waited;
      entry.parts = partsAt(entry.mover.plan.parts, entry.mover.pose);
    });
    this.#show();
  }

  /** Lets everybody walk on for `dt` seconds. They do not walk into the robots; those may walk into them. */
  advance(dt: number, robots: readonly Rectangle[]): void {
    if (this.isEmpty) return;
    for (const entry of this.#movers) {
      const { mover } = entry;
      if (mover.advance(dt, (pose) => this.#mayStand(entry, pose, robots))) {
        entry.parts = partsAt(mover.plan.parts, mover.pose);
        entry.waited = 0;
        continue;
      }
      entry.waited += dt;
      if (entry.waited < PATIENCE_S) continue;
      entry.waited = 0;
      mover.turnRound();
    }
    this.#show();
  }

  /** Whether nothing is in the way, or no nearer than it was. */
  #mayStand(
    entry: { readonly mover: Mover; readonly parts: Shape[] },
    pose: PlanarPose,
    robots: readonly Rectangle[],
  ): boolean {
    const then = partsAt(entry.mover.plan.parts, pose);
    for (const robot of robots) {
      const gapTo = (parts: Shape[]) => Math.min(...parts.map((part) => rectangleToShape(robot, part)));
      const gap = gapTo(then);
      if (gap < KEEP_OFF_M && gap < gapTo(entry.parts)) return false;
    }
    return this.#inTheWay(entry.parts).every((shape) => {
      const apart = apartFrom(then, shape);
      return apart >= KEEP_APART_M || apart >= apartFrom(entry.parts, shape);
    });
  }

  /** The others, and what was put into the world since it was loaded: its own walls are not on the path. */
  #inTheWay(own: readonly Shape[]): Shape[] {
    const { plan, fixed } = this.#world;
    const others = this.#movers.flatMap(({ parts }) => (parts === own ? [] : parts));
    return [...fixed.slice(plan.shapes.length), ...others];
  }

  #show(): void {
    this.#world.showMoving(
      "traffic",
      this.#movers.flatMap(({ parts }) => parts),
    );
  }
}

/** A lower bound of the metres between a mover and a shape: both within circles. */
function apartFrom(parts: readonly Shape[], shape: Shape): number {
  return Math.min(
    ...parts.map(
      (part) => Math.hypot(part.x - shape.x, part.y - shape.y) - boundingRadius(part) - boundingRadius(shape),
    ),
  );
}
