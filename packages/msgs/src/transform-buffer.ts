import { DimosError } from "@dimos/core";
import type { Transform, TransformStamped } from "./geometry.ts";
import { secondsFromTime } from "./seconds.ts";
import { TFMessage } from "./tf-message.ts";
import { composeTransforms, IDENTITY_TRANSFORM, invertTransform } from "./transform.ts";
import { TransformHistory } from "./transform-history.ts";
import { type RotationErrorCode, rotationFault } from "./unit-quaternion.ts";

/** Default of `keepS`. */
export const TRANSFORM_KEEP_S = 10;

/**
 * - `UNKNOWN_FRAME`: nothing was heard of the frame
 * - `NOT_CONNECTED`: both frames are known, but no chain of transforms joins them
 * - `NO_SUCH_TIME`: a transform on the way is not known at that time
 * - `NOT_FINITE`: a number of a transform is NaN or infinite
 */
export type TransformErrorCode = "UNKNOWN_FRAME" | "NOT_CONNECTED" | "NO_SUCH_TIME" | "NOT_FINITE";

/** A lookup that has no answer, and which link is missing. */
export class TransformError extends DimosError {
  declare readonly code: TransformErrorCode | RotationErrorCode;

  constructor(code: TransformErrorCode | RotationErrorCode, message: string) {
    super(code, message);
  }
}

interface Link {
  readonly frame: string;
  readonly history: TransformHistory;
}

interface TransformBufferOptions {
  /** Seconds that transforms are kept. Default: 10. */
  readonly keepS?: number;
  /** Told in a sentence when stamps have jumped back. */
  readonly warn?: (text: string) => void;
}

/**
 * Keeps the transforms of the last seconds and answers how one frame lies in another, along the tree of frames. When the
 * stamps of a frame jump back, because the clock that makes them was set or its source has restarted, it forgets what came
 * before the jump.
 */
export class TransformBuffer {
  readonly #keepS: number;
  readonly #warn: (text: string) => void;
  readonly #histories = new Map<string, TransformHistory>();

  constructor({ keepS = TRANSFORM_KEEP_S, warn = () => {} }: TransformBufferOptions = {}) {
    this.#keepS = keepS;
    this.#warn = warn;
  }

  /**
   * Takes in a message of the `tf` stream. A static transform holds at any time, until another comes for its frame.
   *
   * @throws TransformError when a number is not finite, or a rotation is not of unit length: nothing of the message is
   * taken in then
   */
  add(
    message: { readonly transforms: readonly Readonly<TransformStamped>[] },
    { isStatic = false }: { readonly isStatic?: boolean } = {},
  ): void {
    const fault = TFMessage.check?.(message as TFMessage);
    if (fault !== undefined) throw new TransformError(codeOf(message), `A transform is not taken in: ${fault}.`);
    const jumped: string[] = [];
    let longest = 0;
    for (const { header, childFrameId, transform } of message.transforms) {
      let history = this.#histories.get(childFrameId);
      if (history?.parent !== header.frameId || history.isStatic !== isStatic) {
        history = new TransformHistory(header.frameId, isStatic);
        this.#histories.set(childFrameId, history);
      }
      const jump = history.add(secondsFromTime(header.stamp), transform, this.#keepS);
      if (jump === undefined) continue;
      jumped.push(childFrameId);
      longest = Math.max(longest, jump);
    }
    if (jumped.length === 0) return;
    this.#warn(
      `The stamps of the transforms of ${jumped.join(", ")} have jumped back by ${longest.toFixed(1)} s: those from before are forgotten. Was a clock set?`,
    );
  }

  /**
   * The transform that takes points of `source` into `target`: `lookup("odom", "camera_link")` says where the camera is.
   *
   * @param timeSeconds default: the newest time at which every transform on the way is known
   * @throws TransformError that names the missing link
   */
  lookup(target: string, source: string, timeSeconds?: number): Transform {
    const fromTarget = this.#chain(target);
    const fromSource = this.#chain(source);
    const [targetRoot, sourceRoot] = [rootOf(target, fromTarget), rootOf(source, fromSource)];
    if (targetRoot !== sourceRoot) this.#refuse(target, source, targetRoot, sourceRoot);
    while (fromTarget.length > 0 && fromTarget.at(-1)?.frame === fromSource.at(-1)?.frame) {
      fromTarget.pop();
      fromSource.pop();
    }
    const time = timeSeconds ?? Math.min(...[...fromTarget, ...fromSource].map(({ history }) => history.span[1]));
    return composeTransforms(invertTransform(along(fromTarget, time)), along(fromSource, time));
  }

  /** The frames from `frame` up to its root, without the root. */
  #chain(frame: string): Link[] {
    const links: Link[] = [];
    const seen = new Set<string>();
    for (let at = frame; !seen.has(at); ) {
      seen.add(at);
      const history = this.#histories.get(at);
      if (history === undefined) break;
      links.push({ frame: at, history });
      at = history.parent;
    }
    return links;
  }

  #refuse(target: string, source: string, targetRoot: string, sourceRoot: string): never {
    const known = new Set([...this.#histories].flatMap(([child, { parent }]) => [child, parent]));
    const unknown = [target, source].find((frame) => !known.has(frame));
    if (unknown !== undefined) {
      const frames = known.size === 0 ? "none" : [...known].sort().join(", ");
      throw new TransformError(
        "UNKNOWN_FRAME",
        `No transform of frame "${unknown}" has come. Known frames: ${frames}.`,
      );
    }
    throw new TransformError(
      "NOT_CONNECTED",
      `"${source}" and "${target}" are not connected: the link between "${sourceRoot}" and "${targetRoot}" is missing.`,
    );
  }
}

/** Of a message that has a fault. */
function codeOf({ transforms }: { readonly transforms: readonly Readonly<TransformStamped>[] }) {
  const isOfOtherLength = transforms.some(({ transform: { rotation } }) => {
    const { x, y, z, w } = rotation;
    return Number.isFinite(x + y + z + w) && rotationFault(rotation) !== undefined;
  });
  return isOfOtherLength ? "NOT_UNIT_LENGTH" : "NOT_FINITE";
}

function rootOf(frame: string, chain: readonly Link[]): string {
  return chain.at(-1)?.history.parent ?? frame;
}

/** From the first frame of the chain into the frame above its last one. */
function along(chain: readonly Link[], time: number): Transform {
  let whole: Transform = IDENTITY_TRANSFORM;
  for (const { frame, history } of chain) {
    const [from, to] = history.span;
    if (!(time >= from && time <= to)) {
      throw new TransformError(
        "NO_SUCH_TIME",
        `The transform from "${frame}" to "${history.parent}" is known from ${from} s to ${to} s, not at ${time} s.`,
      );
    }
    whole = composeTransforms(history.at(time), whole);
  }
  return whole;
}
