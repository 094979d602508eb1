import { autoconnect, Module, message, rpc, skill, spec } from "@dimos/core";
import { z } from "zod";

/** Metres to the nearest obstacle ahead. */
const Range = message("sensor_msgs/Range", z.object({ range: z.number() }), { qos: { keep: "latest" } });

export class Sonar extends Module({ source: import.meta.url, outputs: { range: Range } }) {
  override async start() {
    this.clock.interval(100, () => void this.range.publish({ range: 2.5 }));
  }
}

interface Arm {
  fold(): Promise<boolean>;
}

export class Gripper extends Module({ source: import.meta.url }) {
  fold = rpc(async () => true);
}

export class Guard extends Module({
  source: import.meta.url,
  config: z.object({ stopAt: z.number().default(0.3).describe("metres") }),
  inputs: { range: Range },
  refs: { arm: spec<Arm>()("fold") },
}) {
  isBlocked = skill({ description: "Says whether something is in the way." }, async () => {
    const { range } = this.range.latest() ?? (await this.range.next({ timeoutMs: 1000 }));
    return range < this.config.stopAt && (await this.arm.fold());
  });
}

export const guarded = autoconnect(Sonar.blueprint(), Gripper.blueprint(), Guard.blueprint({ stopAt: 0.5 }));
