import { describe, expect, it } from "vitest";
import { ByClass, Provider } from "../../test/refs.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { Blueprint } from "../blueprint/blueprint.ts";
import { Module } from "../module/module.ts";
import { planLoad } from "./plan.ts";

const plan = (blueprint: Blueprint, isStrict = false, env = {}) => planLoad(blueprint, { config: { env }, isStrict });

describe("planLoad", () => {
  it("refuses an empty blueprint, and says which modules were disabled (C5)", async () => {
    await expect(plan(autoconnect())).rejects.toThrow("The blueprint has no modules");
    const none = autoconnect(Counter.blueprint(), Listener.blueprint().namespace("robot0"));
    await expect(plan(none.disabledModules(Counter, Listener))).rejects.toThrow(
      "The blueprint has no modules left to run; disabled: Counter, robot0/Listener",
    );
  });

  it("refuses dangling inputs when strict is set, and counts what runs already (C6)", async () => {
    await expect(plan(Listener.blueprint())).resolves.toMatchObject({ entries: [{ instance: "Listener" }] });
    await expect(plan(Listener.blueprint(), true)).rejects.toThrow(
      "- Listener.count receives /count (test/Count).\n- Listener.map receives /map (test/Map2d).",
    );
    const { entries } = await plan(Counter.blueprint(), true);
    await expect(planLoad(Listener.blueprint(), { running: entries, isStrict: true })).resolves.toBeDefined();
  });

  it("checks class references before anything is constructed (C4)", async () => {
    await expect(plan(ByClass.blueprint())).rejects.toMatchObject({ code: "REF_UNRESOLVED" });
    await expect(plan(autoconnect(ByClass.blueprint(), Provider.blueprint()))).resolves.toBeDefined();
  });

  it("puts a group of each namespace together, and leaves dedicated modules out of it (E1)", async () => {
    class Planner extends Module({ source: import.meta.url, group: "nav" }) {}
    class Alone extends Module({ source: import.meta.url, dedicatedWorker: true }, Planner) {}
    const { entries } = await plan(
      autoconnect(Planner.blueprint(), Planner.blueprint().namespace("r1"), Alone.blueprint()),
    );
    expect(entries.map(({ instance, group, dedicated }) => [instance, group, dedicated])).toEqual([
      ["Planner", "nav", false],
      ["r1/Planner", "r1/nav", false],
      ["Alone", undefined, true],
    ]);
  });

  it("warns of what was given and is for nothing", async () => {
    expect((await plan(Counter.blueprint(), false, { DIMOS_N_WORKER: "3" })).warnings).toEqual([
      "DIMOS_N_WORKER is no setting here. Did you mean DIMOS_N_WORKERS?",
    ]);
  });
});
