import type { PlanarPose } from "../planar-pose.ts";
import { partsAt } from "../world/mover.ts";
import type { Rectangle } from "../world/rectangle.ts";
import { robotParts } from "../world/robot-parts.ts";
import type { World } from "../world/world.ts";
import { BODY_LENGTH_M, bodyAt, ROBOT_WIDTH_M } from "./body.ts";

/** The other robots of a world, each where it was last seen. */
export class Neighbours {
  readonly #world: World;
  readonly #robots = new Map<
    string,
    { readonly body: Rectangle; readonly pose: PlanarPose; readonly height: number }
  >();

  constructor(world: World) {
    this.#world = world;
  }

  get bodies(): readonly Rectangle[] {
    return [...this.#robots.values()].map(({ body }) => body);
  }

  /** The body of the robot with this label; undefined when there is none. */
  bodyOf(label: string | undefined): Rectangle | undefined {
    return label === undefined ? undefined : this.#robots.get(label)?.body;
  }

  /** Puts a robot where it is now. */
  show(label: string, pose: PlanarPose, height: number): void {
    this.#robots.set(label, { body: bodyAt(pose), pose, height });
    this.#draw();
  }

  hide(label: string): void {
    if (this.#robots.delete(label)) this.#draw();
  }

  #draw(): void {
    const size = { length: BODY_LENGTH_M, width: ROBOT_WIDTH_M };
    const shapes = [...this.#robots].flatMap(([label, { pose, height }]) =>
      partsAt(robotParts(label, size, height), pose),
    );
    this.#world.showMoving("robots", shapes);
  }
}
