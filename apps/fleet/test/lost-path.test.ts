import { Dimos } from "@dimos/porcelain";
import { expect, test } from "vitest";
import { twoGo2 } from "../src/two-go2.ts";

test("what is lost between the goal and the legs of one robot cancels its goal, and not that of the other", async () => {
  await using app = new Dimos({ nWorkers: 0, clock: "simulation", consoleLevel: "silent", mcpPort: 0 });
  await app.run(twoGo2);
  const walking = Promise.withResolvers<unknown>();
  const other = app.getModule("robot1/UnitreeSkills").relativeMove({ forward: 3 });
  const lost = app.getModule("robot0/UnitreeSkills").relativeMove({ forward: 3 }, { onProgress: walking.resolve });
  await walking.promise;
  await app.restart("robot0/RightOfWay", { reloadSource: false });
  expect(await lost).toMatchObject({
    status: "cancelled",
    error: expect.stringMatching(
      /^robot0\/RightOfWay, which the robot is driven through, was lost: it was restarted\./,
    ),
  });
  expect(await other).toMatchObject({ status: "reached" });
});
