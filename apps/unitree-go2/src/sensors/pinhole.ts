import type { CameraInfo } from "@dimos/msgs";
import { radiansFromDegrees } from "@dimos/msgs/math";

const CAMERA_WIDTH = 640;
const CAMERA_HEIGHT = 360;
const CAMERA_VERTICAL_FOV_RAD = radiansFromDegrees(45);

/** A pinhole camera with square pixels, looking through the middle of its picture. */
export interface Pinhole {
  readonly width: number;
  readonly height: number;
  /** Focal length in pixels. */
  readonly focal: number;
}

export function pinhole(width = CAMERA_WIDTH, height = CAMERA_HEIGHT, verticalFov = CAMERA_VERTICAL_FOV_RAD): Pinhole {
  return { width, height, focal: height / 2 / Math.tan(verticalFov / 2) };
}

/** What tells others about the camera, without its header. */
export function cameraInfo({ width, height, focal }: Pinhole): Omit<CameraInfo, "header"> {
  const [cx, cy] = [width / 2, height / 2];
  return {
    width,
    height,
    distortionModel: "plumb_bob",
    d: [0, 0, 0, 0, 0],
    k: [focal, 0, cx, 0, focal, cy, 0, 0, 1],
    r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    p: [focal, 0, cx, 0, 0, focal, cy, 0, 0, 0, 1, 0],
  };
}
