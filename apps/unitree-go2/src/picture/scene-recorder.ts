import type { MessageType } from "@dimos/core";
import { type Header, notTurned, OccupancyGrid, Odometry, Path } from "@dimos/msgs";
import { planarPose } from "../modules/odometry-pose.ts";
import { type PlanarPose, planarDistance } from "../planar-pose.ts";
import type { Point2 } from "../planning/path-shape.ts";
import type { MapScene } from "./map-picture.ts";

/** The trail has a point every so many metres. */
const TRAIL_SPACING_M = 0.05;

/** What has streams by name: a `Dimos`. */
interface StreamsByName {
  subscribe(stream: string, callback: (message: unknown) => void): Promise<() => void>;
}

/** Follows the streams of a running Go2, and has at any time what `drawMap` needs. */
export class SceneRecorder {
  #costmap: MapScene["costmap"] | undefined;
  #robot: PlanarPose | undefined;
  readonly #trail: Point2[] = [];
  /** The last one that led somewhere: it is taken back when the goal ends. */
  #path: readonly Point2[] = [];
  readonly #leave: (() => void)[] = [];
  /** The frame of the first odometry. Messages in another frame cannot be drawn with it. */
  #frame: string | undefined;

  /** Listens to `globalCostmap`, `odom` and `path` until `stop`. */
  static async follow(app: StreamsByName): Promise<SceneRecorder> {
    const recorder = new SceneRecorder();
    recorder.#leave.push(
      await app.subscribe("globalCostmap", (costmap) => {
        if (!isSound(OccupancyGrid, costmap) || recorder.#isElsewhere(costmap)) return;
        if (notTurned(costmap) === undefined) recorder.#costmap = costmap;
      }),
      await app.subscribe("odom", (odometry) => {
        if (!isSound(Odometry, odometry) || recorder.#isElsewhere(odometry)) return;
        recorder.#frame = odometry.header.frameId;
        recorder.#moveTo(planarPose(odometry));
      }),
      await app.subscribe("path", (path) => {
        if (!isSound(Path, path) || recorder.#isElsewhere(path)) return;
        const points = path.poses.map(({ pose: { position } }) => ({ x: position.x, y: position.y }));
        if (points.length > 0) recorder.#path = points;
      }),
    );
    return recorder;
  }

  /** How things are now: map, robot, trail, the way that is left, and its end. Undefined before the first map. */
  get scene(): MapScene | undefined {
    const [costmap, robot] = [this.#costmap, this.#robot];
    if (costmap === undefined || robot === undefined) return undefined;
    return { costmap, robot, trail: [...this.#trail], path: this.#pathLeft(robot), goal: this.#path.at(-1) };
  }

  stop(): void {
    for (const unsubscribe of this.#leave.splice(0)) unsubscribe();
  }

  #isElsewhere({ header }: { readonly header: Header }): boolean {
    return this.#frame !== undefined && header.frameId !== this.#frame;
  }

  #moveTo(pose: PlanarPose): void {
    this.#robot = pose;
    const last = this.#trail.at(-1);
    if (last === undefined || planarDistance(last, pose) >= TRAIL_SPACING_M) this.#trail.push({ x: pose.x, y: pose.y });
  }

  #pathLeft(robot: PlanarPose): readonly Point2[] {
    let nearest = 0;
    this.#path.forEach((point, i) => {
      if (planarDistance(point, robot) < planarDistance(this.#path[nearest] as Point2, robot)) nearest = i;
    });
    return this.#path.slice(nearest);
  }
}

/** What cannot be drawn is left out, as the inputs of modules do. */
function isSound<T>(type: MessageType<T>, message: unknown): message is T {
  return type.check?.(message as never) === undefined;
}
