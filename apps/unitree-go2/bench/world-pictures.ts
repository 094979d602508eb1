import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Dimos } from "@dimos/porcelain";
import { drawMap, type ExplorationState, encodePng, SceneRecorder, unitreeGo2Agentic } from "../src/index.ts";
import { worldNames } from "../src/world/load-world.ts";

// Draws the pictures of the README: every world as the robot explored it, with its trail.
// `node --conditions=@dimos/source bench/world-pictures.ts [folder]`, from this package; the folder is `docs` by default.

const folder = process.argv[2] ?? fileURLToPath(new URL("../../../docs", import.meta.url));
for (const world of worldNames()) {
  await using app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent", mcpPort: 0 });
  await app.run(unitreeGo2Agentic, { config: { world, cameraHz: 0 } });
  const recorder = await SceneRecorder.follow(app);
  const ended = Promise.withResolvers<ExplorationState>();
  await app.subscribe("explorationState", (state) => {
    const now = state as ExplorationState;
    if (now.status !== "exploring") ended.resolve(now);
  });
  await app.skills.beginExploration();
  const { area, seconds, distance } = await ended.promise;
  const { scene } = recorder;
  recorder.stop();
  if (scene === undefined) throw new Error(`nothing was seen of the ${world}`);
  const { costmap, robot, trail = [] } = scene;
  await writeFile(`${folder}/world-${world}.png`, encodePng(drawMap({ costmap, robot, trail }, 36)));
  console.log(`${world}: ${area.toFixed(0)} m² in ${seconds.toFixed(0)} s, ${distance.toFixed(0)} m walked`);
}
