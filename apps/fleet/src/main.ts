import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { OccupancyGrid } from "@dimos/msgs";
import { Dimos } from "@dimos/porcelain";
import { drawMap, encodePng } from "@dimos/unitree-go2";
import { cross } from "./cross.ts";
import { twoGo2 } from "./two-go2.ts";

// node src/main.ts [--out DIR]: DIR gets the picture; default is a new directory for temporary files.
const { values } = parseArgs({ options: { out: { type: "string" } } });
const pictures = values.out ?? mkdtempSync(join(tmpdir(), "dimos-fleet-"));
mkdirSync(pictures, { recursive: true });

await using app = new Dimos({ nWorkers: 4 });
await app.run(twoGo2);
console.log(`modules   ${app.listModules().length} in two namespaces, one map and one MCP server for both`);
console.log("crossing  each robot walks to where the other one stands");
const crossed = await cross(app);
for (const { robot, result, truth, missedBy, waits } of crossed) {
  console.log(
    `${robot}    ${result.status}, ${missedBy.toFixed(2)} m from its goal, let the other go first ${waits} times`,
  );
  console.log(
    `measured  ${truth.travelled.toFixed(2)} m walked, ${truth.collisions} collisions, smallest gap ${truth.smallestGap.toFixed(2)} m, by the simulator's ground truth`,
  );
  if (result.error !== undefined) console.log(`          ${result.error}`);
}
const costmap = (await app.peekStream("fleetMap", { timeoutMs: 10_000 })) as OccupancyGrid | null;
if (costmap !== null) {
  const [first, second] = crossed;
  const others = [{ robot: second.truth.pose, trail: second.track }];
  const scene = { costmap, robot: first.truth.pose, trail: first.track, others };
  const path = join(pictures, "fleet-map.png");
  writeFileSync(path, encodePng(drawMap(scene)));
  console.log(`map       ${path} (made by both, from above)`);
}
await app.stop();
