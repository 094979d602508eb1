import { connect } from "@dimos/rpc";
import { expect, it } from "vitest";
import { EditedFiles } from "../../test/edited-file.ts";
import { run } from "../../test/run.ts";

const MOVING = JSON.stringify(new URL("../../test/moving.ts", import.meta.url).href);
const SOURCE = `
import { Module } from CORE;
import { Walker as Base } from ${MOVING};
export class Walker extends Module({ source: import.meta.url }, Base) {}
`;

it("What the new instance holds is not free when the worker of the old one ends (D4, I3)", async () => {
  const files = new EditedFiles();
  files.write("walker.ts", SOURCE);
  const Walker = await files.importClass("walker.ts", "Walker");
  await using system = await run(Walker.blueprint());
  const holders = async () => (await system.health()).capabilities.map(({ skill }) => skill);
  system.call("Walker", "walk", [{ seconds: 3600 }]).catch(() => {});
  await expect.poll(holders).toEqual(["Walker.walk"]);
  // The old worker waits for its callers to leave.
  await using straggler = await connect(await system.endpointOf("Walker"));
  files.write("walker.ts", `${SOURCE}// edited`);
  const restart = system.restartModule("Walker");
  await expect.poll(() => system.listModules()[0]).toMatchObject({ state: "running", restarts: 1 });
  system.call("Walker", "wave", [{ seconds: 3600 }]).catch(() => {});
  await expect.poll(holders).toContain("Walker.wave");
  expect(straggler.state).toBe("open");
  await straggler.close();
  await restart;
  expect(await holders()).toEqual(["Walker.wave", "Walker.wave"]);
});
