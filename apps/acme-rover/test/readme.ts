import type {} from "@acme/rover";
import { Dimos } from "@dimos/porcelain";
import type {} from "@dimos/unitree-go2";

/** The rover alone, and then under the planner of another package, in one run. */
export async function roundTheTree() {
  const app = new Dimos({ nWorkers: 0, clock: "simulation" });
  await app.run(["acme-rover.patrol", "unitree-go2-skills"]);
  const { corners } = await app.skills.patrol({ rounds: 1 });
  const { status } = await app.skills.navigateTo({ x: 9.5, y: 6.3 });
  const { bumps } = await app.RoverConnection.truth();
  await app.stop();
  return { corners, status, bumps };
}

/** Moves, unless something else has the robot for the next four seconds. */
export async function moveIfFree(app: Dimos) {
  try {
    return await app.skills.relativeMove({ forward: 0.5 }, { timeoutMs: 5000 });
  } catch (error) {
    if ((error as { code?: unknown }).code === "CAPABILITY_HELD") return undefined;
    throw error;
  }
}
