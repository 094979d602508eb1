import { describe, expect, it } from "vitest";
import { EditedFiles } from "../../test/edited-file.ts";
import { Remembered } from "../../test/remembered.ts";
import { run } from "../../test/run.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";

/** More than that is a leak: a Remembered has 0.8 MB, and a worker some 60 MB. */
const SLACK_BYTES = 4_000_000;

/** Too long for every change. */
describe.runIf(process.env.DIMOS_NIGHTLY === "1")("A run", () => {
  it("that restarts unedited modules 250 times has the workers and the memory of before (K7a)", async () => {
    const blueprint = autoconnect(Remembered.blueprint(), Counter.blueprint(), Listener.blueprint());
    await using system = await run(blueprint, { nWorkers: 2 });
    const workers = async () => (await system.health()).workers.map(({ name, pid }) => ({ name, pid }));
    const heap = async () => (await system.call("Remembered", "heapBytes", [])) as number;
    const restart = async (times: number) => {
      for (let count = 0; count < times; count++)
        await system.restartModule(["Remembered", "Counter", "Listener"][count % 3] as string);
    };
    const before = await workers();
    await restart(50);
    const settled = await heap();
    await restart(200);
    expect(await workers()).toEqual(before);
    expect(await system.call("Remembered", "alive", [])).toBe(1);
    expect((await heap()) - settled).toBeLessThan(SLACK_BYTES);
  }, 1_200_000);

  it("that edits a module 25 times has one worker more (K7a)", async () => {
    const files = new EditedFiles();
    const text = (edit: number) => `
import { Module, rpc } from CORE;
export class Edited extends Module({ source: import.meta.url }) { edit = rpc(async () => ${edit}); }`;
    files.write("edited.ts", text(0));
    const Edited = await files.importClass("edited.ts", "Edited");
    await using system = await run(autoconnect(Edited.blueprint(), Counter.blueprint(), Listener.blueprint()), {
      nWorkers: 2,
    });
    for (let edit = 1; edit <= 25; edit++) {
      files.write("edited.ts", text(edit));
      await system.restartModule("Edited");
      expect(await system.call("Edited", "edit", [])).toBe(edit);
      expect((await system.health()).workers.length).toBeLessThanOrEqual(3);
    }
  }, 1_200_000);
});
