import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Dimos } from "@dimos/porcelain";
import { drawMap, encodePng, type MapScene, SceneRecorder } from "@dimos/unitree-go2";

// node src/demo.ts [--out DIR]: DIR gets the pictures; default is a new directory for temporary files.
const { values } = parseArgs({ options: { out: { type: "string" } } });
const pictures = values.out ?? mkdtempSync(join(tmpdir(), "dimos-demo-"));
mkdirSync(pictures, { recursive: true });

const startedMs = performance.now();
const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1);

await using app = new Dimos({ nWorkers: 8 });
await app.run("unitree-go2-agentic", {
  onProgress: ({ phase, module, done, total }) => progress(`${phase} ${done}/${total} ${module}`),
});
progress(undefined);
console.log(`robot ready after ${seconds()} s`);

const modules = app.listModules();
console.log(`modules   ${modules.map(({ instance, pid }) => `${instance} (process ${pid})`).join(", ")}`);
console.log(`processes ${new Set(modules.map(({ pid }) => pid)).size} workers, this program is ${process.pid}`);
console.log(`skills    ${Object.keys(app.skills).join(", ")}`);

const recorder = await SceneRecorder.follow(app);
let halfWay: MapScene | undefined;
const before = await app.Go2Connection.groundTruth();
console.log(`walking   2 m forward, from ${seconds()} s on`);
const result = await app.skills.relativeMove(
  { forward: 2.0 },
  {
    onProgress: (step) => {
      const { distanceLeft } = step as { readonly distanceLeft: number };
      progress(`${distanceLeft.toFixed(2)} m left`);
      if (distanceLeft < 1) halfWay ??= recorder.scene;
    },
  },
);
progress(undefined);
recorder.stop();
const after = await app.Go2Connection.groundTruth();
const trueDistance = Math.hypot(after.pose.x - before.pose.x, after.pose.y - before.pose.y);

console.log(`result    ${result.status}, moved ${result.moved.toFixed(2)} m by odometry`);
console.log(`measured  ${trueDistance.toFixed(2)} m by the simulator's ground truth, ${after.collisions} collisions`);
console.log(`clearance ${await app.ReplanningAStarPlanner._planner._safeGoalClearance} m, read in a worker process`);
const scene = halfWay ?? recorder.scene;
if (scene !== undefined) console.log(`map       ${save("map.png", encodePng(drawMap(scene)))} (half way, from above)`);
console.log(`camera    ${save("camera.png", (await app.skills.observe()).data)} (what the robot sees now)`);
await app.stop();
console.log(`stopped   after ${seconds()} s, nothing is left running`);

function save(name: string, data: Uint8Array): string {
  const path = join(pictures, name);
  writeFileSync(path, data);
  return path;
}

/** One line that is written over; nothing where the output is not a terminal. */
function progress(text: string | undefined): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K${text ?? ""}`);
}
