import { Dimos } from "@dimos/porcelain";
import { expect, test } from "vitest";
import { twoGo2 } from "./two-go2.ts";

test("two robots that would start in one another are refused before anything is started", async () => {
  await using app = new Dimos({ nWorkers: 0, consoleLevel: "silent", mcpPort: 0 });
  const progress: unknown[] = [];
  const config = { "robot1/Go2Connection": { startX: 2.1 } };
  await expect(app.run(twoGo2, { config, onProgress: (step) => progress.push(step) })).rejects.toThrow(
    /- robot0\/Go2Connection \(x 2\.00, y 5\.20\) and robot1\/Go2Connection \(x 2\.10, y 5\.20\) would stand in one another/,
  );
  expect(progress).toEqual([]);
});
