import { autoconnect } from "@dimos/core";
import { expect, it } from "vitest";
import { Twin } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

it("drives, restarts and unloads neither of two robots of one class without asking which", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 0 });
  await app.run(autoconnect(Twin.blueprint().namespace("robot0"), Twin.blueprint().namespace("robot1")));
  const which = "Twin (several run: robot0/Twin, robot1/Twin; choose by name)";
  expect(() => app.getModule(Twin)).toThrow(which);
  expect(() => app.describe(Twin)).toThrow(which);
  await expect(app.restart(Twin, { reloadSource: false })).rejects.toThrow(which);
  await expect(app.unload(Twin)).rejects.toThrow(which);
  await app.unload("robot0/Twin");
  expect(await app.getModule(Twin).ping({})).toBe("pong from Twin");
});
