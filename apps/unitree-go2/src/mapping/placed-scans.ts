import type { DeepReadonly } from "@dimos/core";
import {
  finitePoints,
  type PointCloud,
  secondsFromTime,
  seesNothing,
  type TFMessage,
  type Transform,
  TransformBuffer,
  TransformError,
} from "@dimos/msgs";
import { BlindWatch } from "./blind-watch.ts";
import { isMappable } from "./column-map.ts";
import { transformPoints } from "./transform-points.ts";

/** So many scans in a row without a transform are worth a warning: two seconds of them. */
const WARN_AFTER_SCANS = 20;
/** So many scans wait for the transforms of their time, which come over another stream: half a second of them. */
const MAX_WAITING = 5;
/** Scans are younger than this when they arrive. Seconds. */
const KEEP_S = 2;

export interface PlacedScan {
  /** x, y, z triples in the frame that was asked for, metres. */
  readonly points: Float32Array;
  /** From where they were seen. */
  readonly sensor: { readonly x: number; readonly y: number; readonly z: number };
  readonly seconds: number;
}

/**
 * Puts the scans of one lidar where the tree of frames says they were taken, in the order in which they come. A scan that
 * shows nothing at all is not taken: a map that was renewed by it would look as if the lidar had just seen it.
 */
export class PlacedScans {
  readonly #frames: TransformBuffer;
  readonly #frame: string;
  readonly #take: (scan: PlacedScan) => void;
  readonly #warn: (text: string) => void;
  /** Oldest first. */
  readonly #waiting: DeepReadonly<PointCloud>[] = [];
  readonly #blind = new BlindWatch();
  #lostScans = 0;
  #saidNotFinite = false;
  #saidFar = false;

  /** @param frame into which the points are put */
  constructor(frame: string, take: (scan: PlacedScan) => void, warn: (text: string) => void) {
    this.#frame = frame;
    this.#take = take;
    this.#warn = warn;
    this.#frames = new TransformBuffer({ keepS: KEEP_S, warn });
  }

  addTransforms(transforms: DeepReadonly<TFMessage>, options?: { readonly isStatic?: boolean }): void {
    this.#frames.add(transforms, options);
    this.#takeWaiting();
  }

  /** @param stream on which it came, for what is said about it */
  addScan(scan: DeepReadonly<PointCloud>, stream = "the lidar's stream"): void {
    const isBlind = seesNothing(scan.xyz);
    if (this.#blind.hasBecomeBlind(isBlind))
      this.#warn(
        `The lidar sees nothing: scans come on ${stream}, but without a single point. They are not mapped, and what drives by the map stops. Look whether the lidar is covered or broken.`,
      );
    if (isBlind) return;
    this.#waiting.push({ ...scan, xyz: this.#finite(scan, stream) });
    this.#takeWaiting();
    if (this.#waiting.length <= MAX_WAITING) return;
    this.#waiting.shift();
    if (++this.#lostScans === WARN_AFTER_SCANS)
      this.#warn(
        `No transform from "${scan.header.frameId}" to "${this.#frame}" comes for the time of the lidar scans, so they are not mapped`,
      );
  }

  /** Scans that are older than one whose place is known are given up: their transforms do not come any more. */
  #takeWaiting(): void {
    for (let i = 0; i < this.#waiting.length; i++) {
      const scan = this.#waiting[i] as DeepReadonly<PointCloud>;
      const from = this.#placeOf(scan);
      if (from === undefined) continue;
      this.#waiting.splice(0, i + 1);
      i = -1;
      this.#lostScans = 0;
      if (this.#isTooFar(from.translation)) continue;
      const points = transformPoints(scan.xyz as Float32Array, from);
      this.#take({ points, sensor: from.translation, seconds: secondsFromTime(scan.header.stamp) });
    }
  }

  /** Many lidars mark in each scan what they did not measure: that is worth one line. */
  #finite({ xyz }: DeepReadonly<PointCloud>, stream: string): PointCloud["xyz"] {
    const points = finitePoints(xyz as PointCloud["xyz"]);
    if (points.length === xyz.length || this.#saidNotFinite) return points;
    this.#saidNotFinite = true;
    const left = (xyz.length - points.length) / 3;
    this.#warn(`Points on ${stream} are left out: the xyz of ${left} of ${xyz.length / 3} in a scan is not finite`);
    return points;
  }

  /** No robot is there: the transforms are wrong. */
  #isTooFar({ x, y, z }: Transform["translation"]): boolean {
    const isFar = !isMappable({ x, y, z });
    if (isFar && !this.#saidFar)
      this.#warn(
        `Scans are not mapped: the transforms put the lidar at (${x}, ${y}, ${z}) in "${this.#frame}", more than 100 km from its origin. Check what publishes them.`,
      );
    this.#saidFar = isFar;
    return isFar;
  }

  /** Where the lidar was at the time of the scan; undefined as long as nobody has said. */
  #placeOf({ header }: DeepReadonly<PointCloud>): Transform | undefined {
    try {
      return this.#frames.lookup(this.#frame, header.frameId, secondsFromTime(header.stamp));
    } catch (error) {
      if (error instanceof TransformError) return undefined;
      throw error;
    }
  }
}
