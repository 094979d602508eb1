import { describe, expect, it } from "vitest";
import { Seeded } from "../../test/faults/seeded.ts";
import { placeModules, type WorkerLoad } from "./placement.ts";

/** `true`: dedicated; a text: its group. */
function place(instances: Record<string, boolean | string>, running: readonly WorkerLoad[], nWorkers: number) {
  let next = running.length + 1;
  const requests = Object.entries(instances).map(([instance, kind]) => ({
    instance,
    dedicated: kind === true,
    group: typeof kind === "string" ? kind : undefined,
  }));
  const { workers, added } = placeModules(requests, running, nWorkers, () => `w${next++}`);
  return { workers: Object.fromEntries(workers), added };
}

it("spreads four modules over two workers, two each (E1)", () => {
  expect(place({ a: false, b: false, c: false, d: false }, [], 2)).toEqual({
    workers: { a: "w1", b: "w2", c: "w1", d: "w2" },
    added: ["w1", "w2"],
  });
});

it("gives dedicated modules a worker each, beyond the shared ones (E1)", () => {
  const running = [
    { name: "w1", modules: 1, dedicated: false },
    { name: "w2", modules: 1, dedicated: false },
  ];
  expect(place({ a: true, b: true, c: false }, running, 2)).toEqual({
    workers: { a: "w3", b: "w4", c: "w1" },
    added: ["w3", "w4"],
  });
});

it("never puts a second module on a dedicated worker", () => {
  const running = [{ name: "w1", modules: 1, dedicated: true }];
  expect(place({ a: false }, running, 1)).toEqual({ workers: { a: "w2" }, added: ["w2"] });
});

it("starts no more workers than it has modules for", () => {
  expect(place({ a: false }, [], 8).added).toEqual(["w1"]);
});

it("puts the modules of a group on one worker, and balances around them (E1)", () => {
  expect(place({ a: "nav", b: false, c: "nav", d: false, e: "nav", f: false }, [], 2)).toEqual({
    workers: { a: "w1", c: "w1", e: "w1", b: "w2", d: "w2", f: "w2" },
    added: ["w1", "w2"],
  });
});

it("brings a module to the worker its group is on already, however loaded that is", () => {
  const running = [
    { name: "w1", modules: 5, dedicated: false, groups: ["nav"] },
    { name: "w2", modules: 1, dedicated: false },
    { name: "w3", modules: 1, dedicated: true, groups: ["arm"] },
  ];
  expect(place({ a: "nav", b: "arm", c: false }, running, 2)).toEqual({
    workers: { a: "w1", b: "w2", c: "w2" },
    added: [],
  });
});

it("never puts two dedicated modules on one worker, whatever the order, groups and load (E1)", () => {
  const kinds = [true, false, "nav", "arm"];
  for (let seed = 0; seed < 4 ** 5; seed++) {
    const wanted = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [`m${index}`, kinds[Math.floor(seed / 4 ** index) % 4] ?? false]),
    );
    const running = [
      { name: "w1", modules: 1, dedicated: true },
      { name: "w2", modules: 2, dedicated: false },
    ];
    const { workers, added } = place(wanted, running, 2);
    const on = Map.groupBy(Object.keys(workers), (instance) => workers[instance]);
    for (const [worker, instances] of on) {
      const isAlone = instances.length === 1 && worker !== "w1" && worker !== "w2";
      if (instances.some((instance) => wanted[instance] === true))
        expect([seed, worker, isAlone]).toEqual([seed, worker, true]);
    }
    expect(on.has("w1")).toBe(false);
    expect(Object.keys(workers)).toHaveLength(5);
    for (const group of ["nav", "arm"]) {
      const homes = Object.keys(workers)
        .filter((instance) => wanted[instance] === group)
        .map((instance) => workers[instance]);
      expect(new Set(homes).size).toBeLessThan(2);
    }
    const dedicated = Object.values(wanted).filter((kind) => kind === true).length;
    expect(added.length).toBeLessThanOrEqual(dedicated + 1);
  }
});

it("asks another policy, where one is given", () => {
  const requests = ["a", "b"].map((instance) => ({ instance, dedicated: false }));
  const running = [
    { name: "w1", modules: 3, dedicated: false },
    { name: "w2", modules: 0, dedicated: false },
  ];
  const oldest = { choose: (shared: readonly WorkerLoad[]) => shared[0] };
  expect([...placeModules(requests, running, 4, () => "new", oldest).workers.values()]).toEqual(["w1", "w1"]);
});

describe("Edited modules", () => {
  const edited = (name: string, modules: number) => ({ name, modules, dedicated: false, isEdited: true });
  const shared = (name: string, modules: number) => ({ name, modules, dedicated: false });

  it("lend their workers to others while fewer than nWorkers have any other module", () => {
    expect(place({ a: false }, [shared("w1", 2), edited("w2", 1)], 2).workers).toEqual({ a: "w2" });
    expect(place({ a: false }, [shared("w1", 3), shared("w2", 2), edited("w3", 1)], 2).workers).toEqual({ a: "w2" });
  });

  it("do not come to a worker that has an older copy of one of their files", () => {
    const sources = [{ path: "/a.ts", hash: "new" }];
    const running = [
      { ...shared("w1", 1), files: new Map([["/a.ts", "old"]]) },
      { ...shared("w2", 5), files: new Map([["/a.ts", "new"]]) },
    ];
    const request = { instance: "a", dedicated: false, isEdited: true, sources };
    expect(placeModules([request], running, 2, () => "w3").workers.get("a")).toBe("w2");
    expect(placeModules([request], running.slice(0, 1), 1, () => "w3").workers.get("a")).toBe("w3");
  });

  it("add at most one worker each, whatever is loaded, edited, unloaded and crashes in between (K7a)", () => {
    const nWorkers = 2;
    const random = new Seeded(7);
    const tooMany: number[] = [];
    let workers: { name: string; modules: { instance: string; isEdited: boolean }[] }[] = [];
    let next = 1;
    const put = (modules: readonly { instance: string; isEdited: boolean }[]) => {
      const loads = workers.map(({ name, modules: on }) => ({
        name,
        modules: on.length,
        dedicated: false,
        isEdited: on.every(({ isEdited }) => isEdited),
      }));
      const requests = modules.map((module) => ({ ...module, dedicated: false }));
      const placement = placeModules(requests, loads, nWorkers, () => `w${next++}`);
      workers.push(...placement.added.map((name) => ({ name, modules: [] })));
      for (const module of modules)
        workers.find(({ name }) => name === placement.workers.get(module.instance))?.modules.push(module);
    };
    for (let step = 0; step < 3000; step++) {
      const all = workers.flatMap(({ modules }) => modules);
      const one = random.pick(all);
      const kind = random.between(0, 4);
      if (all.length === 0 || (kind === 0 && all.length < 8)) {
        put([{ instance: `m${step}`, isEdited: false }]);
      } else if (kind === 3) {
        const crashed = workers.find(({ modules }) => modules.includes(one));
        workers = workers.filter((worker) => worker !== crashed);
        put(crashed?.modules ?? []);
      } else {
        for (const worker of workers) worker.modules = worker.modules.filter((module) => module !== one);
        if (kind === 1) workers.push({ name: `w${next++}`, modules: [{ ...one, isEdited: true }] });
      }
      workers = workers.filter(({ modules }) => modules.length > 0);
      const limit = nWorkers + workers.flatMap(({ modules }) => modules).filter(({ isEdited }) => isEdited).length;
      if (workers.length > limit) tooMany.push(step);
    }
    expect(tooMany).toEqual([]);
  });
});
