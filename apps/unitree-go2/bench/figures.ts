import { finitePoints } from "@dimos/msgs";
import { ColumnMap } from "../src/mapping/column-map.ts";
import { costmapOf, occupancyGrid } from "../src/mapping/costmap.ts";
import { encodePng } from "../src/picture/png.ts";
import { GlobalPlanner } from "../src/planning/global-planner.ts";
import { PlanningGrid } from "../src/planning/planning-grid.ts";
import { planRoute } from "../src/planning/route.ts";
import { Camera } from "../src/sensors/camera.ts";
import { cloudFromSensor, Lidar } from "../src/sensors/lidar.ts";
import { CAMERA_MOUNT, LIDAR_MOUNT, mountedAt } from "../src/sensors/sensor-pose.ts";
import { Go2Simulator } from "../src/simulator/go2-simulator.ts";
import { loadWorld } from "../src/world/load-world.ts";
import { closedCorner, serpentine } from "./hard-maps.ts";

// How long each part of the simulated Go2 takes: `node --conditions=@dimos/source bench/figures.ts`, from this package.

const ROUNDS = 40;
const world = loadWorld("office");
const sim = new Go2Simulator({ world });
const lidar = new Lidar(world, { seed: 1 });
const camera = new Camera(world);
const map = new ColumnMap();
const picture = new Uint8Array(640 * 360 * 3);

function measure(name: string, limitMs: number | undefined, action: (round: number) => void): void {
  for (let round = 0; round < ROUNDS; round++) action(round);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    action(round);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] as number).toFixed(2).padStart(7);
  const limit = limitMs === undefined ? "" : `  (at most ${limitMs} ms)`;
  console.log(`${name.padEnd(34)} median ${at(0.5)} ms   90 % ${at(0.9)} ms${limit}`);
}

const turned = (round: number) => ({ ...sim.pose, yaw: round * 0.3 });
const scanOf = (round: number) => {
  const pose = mountedAt(turned(round), sim.baseHeight, LIDAR_MOUNT);
  return { pose, points: cloudFromSensor(lidar.scan(pose), pose) };
};

measure("lidar scan, 360 x 16", 2, (round) => lidar.scan(mountedAt(turned(round), sim.baseHeight, LIDAR_MOUNT)));
measure("camera frame, 640 x 360", 25, (round) =>
  camera.render(mountedAt(turned(round), sim.baseHeight, CAMERA_MOUNT), picture),
);
measure("the same as PNG", undefined, () => encodePng({ width: 640, height: 360, data: picture }));
measure("scan and its place in the map", undefined, (round) => {
  const { pose, points } = scanOf(round);
  map.integrate(points, pose);
});
const { points } = scanOf(0);
measure("are the points of a scan finite", undefined, () => finitePoints(points));
measure("costmap of the map", undefined, () => costmapOf(map));
const costmap = occupancyGrid(costmapOf(map), 0, "odom");
measure("plan in the office", undefined, () => {
  const planner = new GlobalPlanner();
  planner.setCostmap(costmap);
  planner.setGoal({ x: 10, y: 5 });
  planner.tick(sim.pose, 0);
});
const maze = serpentine(400);
const [start, goal] = [
  { x: 1, y: 1, yaw: 0 },
  { x: 19, y: 19 },
];
measure("plan on 400 x 400, worst case", 60, () => {
  planRoute(new PlanningGrid(maze, start, [start, goal]), start, goal, { safeGoalClearance: 0.3 });
});
const shut = closedCorner(400);
measure("the same, goal out of reach", 60, () => {
  planRoute(new PlanningGrid(shut, start, [start, goal]), start, goal, { safeGoalClearance: 0.3 });
});
measure("simulator, 0.1 s", undefined, () => {
  sim.move(0.1, 0, 0.5);
  sim.step(0.1);
});
