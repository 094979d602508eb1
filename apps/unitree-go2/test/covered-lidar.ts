import { Module, rpc } from "@dimos/core";
import { PointCloud } from "@dimos/msgs";

/** Passes a lidar on. Covered, it goes on to send scans at the same rate, and they show nothing. */
export class CoveredLidar extends Module({
  source: import.meta.url,
  inputs: { bareLidar: PointCloud },
  outputs: { lidar: PointCloud },
}) {
  #isCovered = false;

  override async start() {
    this.bareLidar.subscribe((scan) => {
      void this.lidar.publish({ ...scan, xyz: this.#isCovered ? new Float32Array() : scan.xyz } as PointCloud);
    });
  }

  cover = rpc(async (isCovered: boolean): Promise<void> => {
    this.#isCovered = isCovered;
  });
}
