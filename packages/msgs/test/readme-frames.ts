import { Module, rpc } from "@dimos/core";
import { applyTransform, TFMessage, TransformBuffer, type TransformStamped } from "@dimos/msgs";

export class Gaze extends Module({ source: import.meta.url, inputs: { tf: TFMessage } }) {
  #frames = new TransformBuffer();

  override async start() {
    this.tf.subscribe((message) => this.#frames.add(message));
  }

  mount = rpc(async (cameraOnBase: TransformStamped) =>
    this.#frames.add({ transforms: [cameraOnBase] }, { isStatic: true }),
  );

  /** A point one metre in front of the camera, in the frame of the odometry. */
  ahead = rpc(async () => {
    const camera = this.#frames.lookup("odom", "camera_link"); // takes points of camera_link into odom
    return applyTransform(camera, { x: 1, y: 0, z: 0 });
  });
}
