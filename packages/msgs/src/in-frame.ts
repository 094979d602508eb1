import type { DeepReadonly, PortCheck } from "@dimos/core";
import type { Header } from "./header.ts";

/** What has a frame; odometry has a second one. */
export interface FramedMessage {
  readonly header: Header;
  readonly childFrameId?: string;
}

interface InFrameOptions {
  /** Of odometry: the body whose pose it is, in the module's namespace too. */
  readonly childFrameId?: string;
  /** An empty `frameId` stands for the frame. Default: false. */
  readonly takesUnnamed?: boolean;
}

/**
 * A check for the input of a module that works in one frame: `{ type: Odometry, checks: [inFrame("odom")] }`. The module's
 * namespace is put before it, as `this.frame` does.
 */
export function inFrame(
  frameId: string,
  { childFrameId, takesUnnamed = false }: InFrameOptions = {},
): PortCheck<FramedMessage> {
  return (message, frame) => {
    const given = message.header.frameId;
    if (given !== frame(frameId) && !(takesUnnamed && given === ""))
      return `header.frameId is "${given}", expected "${frame(frameId)}"; transform the message into that frame, or call its frame so if it is the same`;
    if (childFrameId !== undefined && message.childFrameId !== frame(childFrameId))
      return `childFrameId is "${message.childFrameId}", expected "${frame(childFrameId)}"; connect the odometry of this body, or transform it to it`;
    return undefined;
  };
}

/** Rotations are given with three digits and more. Radians, 0.1 degrees. */
const TURNED_RAD = 0.002;

interface Grid {
  readonly header: Header;
  readonly info: { readonly origin: { readonly orientation: { x: number; y: number; z: number; w: number } } };
}

/** A check for the input of a module that takes the rows of an `OccupancyGrid` to lie along the x axis of its frame. */
export function notTurned({ header, info }: DeepReadonly<Grid>): string | undefined {
  const { x, y, z, w } = info.origin.orientation;
  const angle = 2 * Math.atan2(Math.hypot(x, y, z), Math.abs(w));
  if (angle <= TURNED_RAD) return undefined;
  const degrees = ((angle * 180) / Math.PI).toFixed(1);
  return `info.origin.orientation is a turn by ${degrees} degrees, expected none; publish the grid with its rows along the x axis of "${header.frameId}"`;
}
