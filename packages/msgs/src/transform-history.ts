import type { Transform } from "./geometry.ts";
import { interpolateTransforms } from "./transform.ts";

/** This many samples in a row before the newest one are no latecomers: whatever stamps them counts from another time now. */
const JUMP_SAMPLES = 5;

interface Sample {
  readonly time: number;
  readonly transform: Transform;
}

/** The transform of one frame into its parent over the last seconds. A static one holds at any time. */
export class TransformHistory {
  readonly parent: string;
  readonly isStatic: boolean;
  /** Oldest first. */
  readonly #samples: Sample[] = [];
  /** Those in a row that were older than the newest. */
  #late: Sample[] = [];

  constructor(parent: string, isStatic: boolean) {
    this.parent = parent;
    this.isStatic = isStatic;
  }

  /** Time of the first and of the last sample, seconds; everything for a static one. */
  get span(): readonly [from: number, to: number] {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (this.isStatic || first === undefined || last === undefined) {
      return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    }
    return [first.time, last.time];
  }

  /**
   * Adds a sample in order of time; drops those more than `keepS` seconds before the newest. When the stamps have jumped
   * back it starts afresh, and returns by how many seconds.
   */
  add(time: number, transform: Transform, keepS: number): number | undefined {
    if (this.isStatic) this.#samples.length = 0;
    const jump = this.#noticeJump({ time, transform });
    let at = this.#samples.length;
    while (at > 0 && (this.#samples[at - 1] as Sample).time > time) at--;
    const isSameTime = at > 0 && this.#samples[at - 1]?.time === time;
    this.#samples.splice(isSameTime ? at - 1 : at, isSameTime ? 1 : 0, { time, transform });
    const newest = (this.#samples.at(-1) as Sample).time;
    while ((this.#samples[0] as Sample).time < newest - keepS) this.#samples.shift();
    return jump;
  }

  #noticeJump(sample: Sample): number | undefined {
    const newest = this.#samples.at(-1);
    if (newest === undefined || sample.time >= newest.time) {
      this.#late = [];
      return undefined;
    }
    this.#late.push(sample);
    if (this.#late.length < JUMP_SAMPLES) return undefined;
    this.#samples.splice(0, this.#samples.length, ...this.#late.toSorted((a, b) => a.time - b.time));
    this.#late = [];
    return newest.time - (this.#samples.at(-1) as Sample).time;
  }

  /** The transform at a time within `span`, interpolated between the samples around it. */
  at(time: number): Transform {
    const after = this.#samples.findIndex((sample) => sample.time >= time);
    const next = this.#samples[after] ?? (this.#samples.at(-1) as Sample);
    const before = this.#samples[after - 1];
    if (this.isStatic || before === undefined || next.time === time) return next.transform;
    return interpolateTransforms(before.transform, next.transform, (time - before.time) / (next.time - before.time));
  }
}
