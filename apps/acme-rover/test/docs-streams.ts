import { Module, message, rpc } from "@dimos/core";
import { Odometry, PointCloud, seesNothing } from "@dimos/msgs";
import { z } from "zod";

/** Metres to the nearest thing that the lidar sees. Who comes late gets the last one at once. */
const Nearest = message("acme/Nearest", z.object({ range: z.number() }), { qos: { keep: "latest", latched: true } });

export class NearestWatch extends Module({
  source: import.meta.url,
  inputs: { lidar: { type: PointCloud, qos: { ...PointCloud.qos, maxRateHz: 5 } }, odom: Odometry },
  outputs: { nearest: Nearest },
}) {
  override async start() {
    // Points are read where they stand in shared memory, and not kept.
    this.lidar.subscribe(
      ({ xyz }) => {
        if (seesNothing(xyz)) return; // A blind lidar says nothing about what is near.
        let range = Number.POSITIVE_INFINITY;
        for (let i = 0; i < xyz.length; i += 3) {
          const metres = Math.hypot(xyz[i] ?? 0, xyz[i + 1] ?? 0, xyz[i + 2] ?? 0);
          if (metres > 0 && metres < range) range = metres; // not NaN either
        }
        void this.nearest.publish({ range });
      },
      { loan: true },
    );
  }

  /** m/s, of the odometry that is there, or that comes within a second. */
  speed = rpc(async () => {
    const { twist } = this.odom.latest() ?? (await this.odom.next({ timeoutMs: 1000 }));
    return Math.hypot(twist.twist.linear.x, twist.twist.linear.y);
  });
}
