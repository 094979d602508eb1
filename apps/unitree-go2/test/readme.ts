import { writeFile } from "node:fs/promises";
import { Dimos } from "@dimos/porcelain";
import { unitreeGo2Agentic } from "@dimos/unitree-go2";

/** Goes to a place, looks, and goes back; a minute of the robot's time in a second or two. */
export async function lookAround(picture: string) {
  await using app = new Dimos({ nWorkers: 0, clock: "simulation" });
  await app.run(unitreeGo2Agentic, { config: { world: "office", cameraHz: 0 } });

  const there = await app.skills.navigateTo(
    { x: 7, y: 3.5, yaw: 0 },
    { onProgress: (step) => console.log(step) }, // { distanceLeft: 5.21, detail: "Following the path, 5.21 m left." }
  );
  await writeFile(picture, (await app.skills.observe()).data);
  const back = await app.skills.relativeMove({ forward: -1, degrees: 90 });
  const { collisions, smallestClearance } = await app.Go2Connection.groundTruth();
  return { there, back, collisions, smallestClearance };
}
