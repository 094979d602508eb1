import { Module, message } from "@dimos/core";
import { z } from "zod";

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
const Picture = message("example/Picture", z.custom<Picture>(), { qos: { keep: "latest" } });
const Brightness = message("example/Brightness", z.number());

export class Camera extends Module({ source: import.meta.url, outputs: { picture: Picture } }) {
  override async start() {
    this.clock.interval(33, () => {
      // Nobody looks: nothing to render.
      if (this.picture.subscriberCount === 0) return;
      void this.picture.publish({ width: 640, height: 480, data: new Uint8Array(640 * 480).fill(128) });
    });
  }
}

export class LightMeter extends Module({
  source: import.meta.url,
  inputs: { picture: Picture },
  outputs: { brightness: Brightness },
}) {
  override async start() {
    // Read where it stands in shared memory, and not kept.
    this.picture.subscribe(
      ({ data }) => void this.brightness.publish(data.reduce((sum, value) => sum + value, 0) / data.length),
      { loan: true },
    );
  }
}
