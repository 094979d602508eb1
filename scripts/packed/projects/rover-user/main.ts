import type { FencePatrol } from "@acme/rover";
import { Dimos } from "@dimos/porcelain";

const corners = [
  { x: 1.5, y: 1.2 },
  { x: 1.9, y: 1.2 },
];
const app = new Dimos({ consoleLevel: "silent", nWorkers: 1 });
await app.run("acme-rover.patrol", { config: { FencePatrol: { corners } } });
const { status, moved }: Awaited<ReturnType<FencePatrol["patrol"]>> = await app.skills.patrol({ rounds: 1 });
// @ts-expect-error the number of rounds is a number
await app.skills.patrol({ rounds: "2" }).catch((error: Error) => console.log(error.message));
// @ts-expect-error there is no such skill
await app.skills.patrols({}).catch((error: Error) => console.log(error.message));
const { pose, bumps } = await app.RoverConnection.truth();
console.log(status, Math.abs(pose.x - 1.2 - moved) < 0.1, bumps);
await app.stop();
