import { Dimos } from "@dimos/porcelain";

const app = new Dimos({ nWorkers: 8 });
await app.run("unitree-go2-agentic");
console.log(await app.skills.relativeMove({ forward: 2.0 }));
console.log(await app.ReplanningAStarPlanner._planner._safeGoalClearance); // deep read inside a worker process
await app.stop();
