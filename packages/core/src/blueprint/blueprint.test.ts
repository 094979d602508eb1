import { describe, expect, it } from "vitest";
import { Count, Label } from "../../test/messages.ts";
import { BetterProvider, ByClass, BySpec, Optional, Ping, Pong, Provider } from "../../test/refs.ts";
import { Counter, Listener } from "../../test/streams.ts";
import { Module } from "../module/module.ts";
import { testModule } from "../module/test-module.ts";
import { autoconnect } from "./autoconnect.ts";
import type { Blueprint } from "./blueprint.ts";
import type { BlueprintEntry } from "./entry.ts";
import { type RefCandidate, resolveRefs } from "./resolve-refs.ts";
import { startOrder } from "./start-order.ts";
import { checkStreams } from "./streams.ts";

const METHODS: Readonly<Record<string, readonly string[]>> = {
  Provider: ["isStarted", "add"],
  BetterProvider: ["isStarted", "add", "better"],
  Ping: ["rally"],
  Pong: ["hit"],
};

function candidates(...blueprints: Blueprint[]): RefCandidate[] {
  return autoconnect(...blueprints).entries.map((entry) => ({
    ...entry,
    methods: entry.disabled ? undefined : new Set(METHODS[entry.shape.className] ?? []),
  }));
}

function refsOf(...blueprints: Blueprint[]) {
  const all = candidates(...blueprints);
  return Object.fromEntries(
    resolveRefs(
      all.filter((entry) => !entry.disabled),
      all,
    ),
  );
}

describe("Blueprint", () => {
  it("keeps order, lets the later of two instances win, and warns when it is another class (C1)", () => {
    const Other = class Counter extends Module({ source: import.meta.url, outputs: { count: Count } }) {};
    const joined = autoconnect(Counter.blueprint(), Listener.blueprint(), Other.blueprint());
    expect(joined.entries.map(({ instance, shape }) => [instance, shape.source.endsWith("blueprint.test.ts")])).toEqual(
      [
        ["Counter", true],
        ["Listener", false],
      ],
    );
    expect(joined.warnings).toHaveLength(1);
    expect(joined.warnings[0]).toMatch(
      /^Counter: Counter of .*blueprint\.test\.ts takes the place of Counter of .*streams\.ts$/,
    );
    expect(autoconnect(Counter.blueprint(), Counter.blueprint()).warnings).toEqual([]);
  });

  it("merges globals and requirements in order, and is never changed by its methods (C1)", () => {
    const first = Counter.blueprint()
      .globalConfig({ nWorkers: 1, logLevel: "debug" })
      .requirements(() => "one");
    const before = JSON.stringify(first);
    const second = Listener.blueprint()
      .globalConfig({ nWorkers: 3 })
      .requirements(() => "two");
    const joined = autoconnect(first, second);
    expect(joined.globals).toEqual({ nWorkers: 3, logLevel: "debug" });
    expect(joined.checks.map((check) => check({ modules: [] }))).toEqual(["one", "two"]);
    joined.namespace("robot0");
    joined.remappings([["Counter", "count", "ticks"]]);
    joined.disabledModules(Counter);
    expect(JSON.stringify(first)).toBe(before);
    expect(joined.entries.map((entry) => [entry.instance, entry.topics.count, entry.disabled])).toEqual([
      ["Counter", "count", false],
      ["Listener", "count", false],
    ]);
    expect(Object.isFrozen(joined) && Object.isFrozen(joined.entries)).toBe(true);
  });

  it("keeps config and globals as they were given, whatever becomes of the objects they came in (C1)", () => {
    const size = { width: 640, crop: [1, 2] };
    const lens: Record<string, unknown> = { focus: 3 };
    lens.self = lens;
    const shared = new Uint8Array(2);
    const labels = ["a"];
    const plan = Counter.blueprint({ size, lens, shared } as never).globalConfig({ labels });
    size.width = 1;
    size.crop.push(3);
    lens.focus = 4;
    labels.push("b");
    const [entry] = plan.namespace("robot0").entries;
    expect(entry?.config).toMatchObject({ size: { width: 640, crop: [1, 2] }, lens: { focus: 3 } });
    expect(plan.globals).toEqual({ labels: ["a"] });
    const kept = entry?.config as { lens: { self: unknown }; shared: unknown; size: { width: number } };
    expect([kept.lens.self === kept.lens, kept.shared === shared]).toEqual([true, true]);
    expect(() => (kept.size.width = 2)).toThrow(TypeError);
  });

  it("prefixes instances and streams in a namespace, exposes on request, and nests (C2)", () => {
    const inner = autoconnect(Counter.blueprint(), Listener.blueprint()).namespace("robot0", { expose: ["map"] });
    expect(inner.entries.map(({ instance, namespace, topics }) => [instance, namespace, topics])).toEqual([
      ["robot0/Counter", "robot0", { count: "robot0/count", cloud: "robot0/cloud", map: "map" }],
      ["robot0/Listener", "robot0", { count: "robot0/count", cloud: "robot0/cloud", map: "map" }],
    ]);
    expect(inner.namespace("fleet").entries[0]).toMatchObject({
      instance: "fleet/robot0/Counter",
      namespace: "fleet/robot0",
    });
    expect(() => inner.namespace("0 bad")).toThrow('Namespace "0 bad" is not a name');
    expect(() => Counter.blueprint().namespace("a", { expose: ["cont"] })).toThrow(
      'Namespace "a" cannot expose "cont": no module has that stream. Did you mean "count"? Streams: cloud, count, map',
    );
  });

  it("keeps two robots of one class apart, and joins what both expose (C2)", () => {
    const robot = autoconnect(Counter.blueprint(), Listener.blueprint());
    const fleet = autoconnect(
      robot.namespace("robot0", { expose: ["cloud"] }),
      robot.namespace("robot1", { expose: ["cloud"] }),
    );
    expect(fleet.entries.map(({ instance, topics }) => [instance, topics.count, topics.cloud])).toEqual([
      ["robot0/Counter", "robot0/count", "cloud"],
      ["robot0/Listener", "robot0/count", "cloud"],
      ["robot1/Counter", "robot1/count", "cloud"],
      ["robot1/Listener", "robot1/count", "cloud"],
    ]);
    // What an inner namespace exposes is an ordinary stream of the plan around it.
    expect(fleet.namespace("lab").entries[0]?.topics).toEqual({
      count: "lab/robot0/count",
      cloud: "lab/cloud",
      map: "lab/robot0/map",
    });
    expect(() => fleet.namespace("lab", { expose: ["count"] })).toThrow(
      'Namespace "lab" cannot expose "count": no module has that stream.',
    );
  });

  it("prefixes frame ids with the namespace (C2)", async () => {
    const { instance } = Counter.blueprint().namespace("robot0").namespace("lab").entries[0] as BlueprintEntry;
    await using inside = await testModule(Counter, { instanceName: instance });
    await using outside = await testModule(Counter);
    expect([inside.module.frame("base_link"), outside.module.frame("base_link")]).toEqual([
      "lab/robot0/base_link",
      "base_link",
    ]);
  });

  it("carries remappings, pins and disabled modules into a namespace (C1, C2)", () => {
    const plan = autoconnect(Provider.blueprint(), BetterProvider.blueprint(), ByClass.blueprint(), Counter.blueprint())
      .remappings([
        [ByClass, "provider", "Provider"],
        [Counter, "count", "ticks"],
      ])
      .disabledModules("BetterProvider")
      .namespace("robot0");
    expect(
      plan.entries.map(({ instance, topics, refTargets, disabled }) => [instance, topics.count, refTargets, disabled]),
    ).toEqual([
      ["robot0/Provider", undefined, {}, false],
      ["robot0/BetterProvider", undefined, {}, true],
      ["robot0/ByClass", undefined, { provider: "robot0/Provider" }, false],
      ["robot0/Counter", "robot0/ticks", {}, false],
    ]);
    const pinnedOutside = ByClass.blueprint()
      .remappings([[ByClass, "provider", "Provider"]])
      .namespace("robot0");
    expect(pinnedOutside.entries[0]?.refTargets).toEqual({ provider: "Provider" });
  });

  it("takes a second change on top of the first: the later setting and name count, disabled stays disabled (C1)", () => {
    const plan = Counter.blueprint()
      .globalConfig({ nWorkers: 1, strict: true })
      .globalConfig({ nWorkers: 3 })
      .remappings([[Counter, "count", "ticks"]])
      .remappings([[Counter, "ticks", "beats"]])
      .disabledModules(Counter)
      .disabledModules(Counter);
    expect(plan.globals).toEqual({ nWorkers: 3, strict: true });
    expect(plan.entries.map(({ topics, disabled }) => [topics.count, disabled])).toEqual([["beats", true]]);
  });

  it("is frozen all the way (C1)", () => {
    const [entry] = Counter.blueprint().namespace("robot0").entries;
    expect([entry, entry?.topics, entry?.refTargets, entry?.qos, entry?.config].every(Object.isFrozen)).toBe(true);
  });

  it("reports every stream with several types at once, and a remapping resolves it (C3)", () => {
    class Mixed extends Module({ source: import.meta.url, inputs: { count: Label, map: Label } }) {}
    const joined = autoconnect(Counter.blueprint(), Mixed.blueprint());
    expect(() => checkStreams(joined.entries)).toThrow(
      'Stream "count" has several message types: test/Count (Counter.count) and test/Label (Mixed.count). Rename one: .remappings([["Mixed", "count", "another_name"]])\n' +
        'Stream "map" has several message types: test/Map2d (Counter.map) and test/Label (Mixed.map). Rename one: .remappings([["Mixed", "map", "another_name"]])',
    );
    const remapped = joined.remappings([
      [Mixed, "count", "label"],
      ["Mixed", "map", "mapLabel"],
    ]);
    expect(() => checkStreams(remapped.entries)).not.toThrow();
    expect(() => joined.remappings([[Mixed, "cont", "label"]])).toThrow(
      'Mixed has no stream or reference "cont" to remap. Did you mean "count"?',
    );
    expect(() => joined.remappings([["Mixe", "count", "label"]])).toThrow(
      'The blueprint has no module "Mixe". Did you mean "Mixed"?',
    );
  });
});

describe("resolveRefs", () => {
  it("finds a module by class, by a subclass, and by its methods (C4)", () => {
    expect(refsOf(Provider.blueprint(), ByClass.blueprint())).toEqual({
      "ByClass.provider": { kind: "module", instance: "Provider" },
    });
    expect(refsOf(BetterProvider.blueprint(), ByClass.blueprint(), BySpec.blueprint())).toEqual({
      "ByClass.provider": { kind: "module", instance: "BetterProvider" },
      "BySpec.adder": { kind: "module", instance: "BetterProvider" },
    });
  });

  it("prefers the own namespace, then looks outwards (C4)", () => {
    const robot = autoconnect(Provider.blueprint(), ByClass.blueprint()).namespace("robot0");
    expect(refsOf(Provider.blueprint(), robot, BySpec.blueprint().namespace("robot1"))).toEqual({
      "robot0/ByClass.provider": { kind: "module", instance: "robot0/Provider" },
      "robot1/BySpec.adder": { kind: "module", instance: "Provider" },
    });
  });

  it("lists candidates and shows the line that chooses, when several or none fit (C4)", () => {
    const both = [Provider.blueprint(), BetterProvider.blueprint()] as const;
    expect(() => refsOf(...both, ByClass.blueprint())).toThrow(
      'ByClass.provider needs one Provider, and several are there: Provider, BetterProvider. Choose with .remappings([["ByClass", "provider", "Provider"]])',
    );
    expect(() => refsOf(...both, BySpec.blueprint())).toThrow(
      'BySpec.adder needs a module with add, and several are there: Provider, BetterProvider. Choose with .remappings([["BySpec", "adder", "Provider"]])',
    );
    const chosen = ByClass.blueprint().remappings([["ByClass", "provider", "BetterProvider"]]);
    expect(refsOf(...both, chosen)).toEqual({ "ByClass.provider": { kind: "module", instance: "BetterProvider" } });
    expect(() => refsOf(BySpec.blueprint(), Provider.blueprint().namespace("robot0"))).toThrow(
      'BySpec.adder needs a module with add, and there is none. It is in another namespace: robot0/Provider. Choose with .remappings([["BySpec", "adder", "robot0/Provider"]])',
    );
  });

  it("leaves an optional reference absent, and keeps a disabled target apart from a missing one (C4)", () => {
    expect(refsOf(Optional.blueprint())).toEqual({ "Optional.adder": { kind: "absent" } });
    const gone = autoconnect(Provider.blueprint(), Optional.blueprint()).disabledModules(Provider);
    expect(refsOf(gone)).toEqual({ "Optional.adder": { kind: "absent" } });
    const disabled = autoconnect(Provider.blueprint(), ByClass.blueprint()).disabledModules(Provider);
    expect(refsOf(disabled)).toEqual({ "ByClass.provider": { kind: "disabled", instances: ["Provider"] } });
  });

  it("does not take a disabled module of another namespace for the one that is meant (C4)", () => {
    const elsewhere = autoconnect(Provider.blueprint().namespace("robot1"), ByClass.blueprint().namespace("robot0"));
    expect(() => refsOf(elsewhere.disabledModules(Provider))).toThrow(
      "robot0/ByClass.provider needs Provider, and there is none.",
    );
  });

  it("pins a reference to a module, and refuses one that does not fit (C4)", () => {
    const plan = autoconnect(Provider.blueprint(), BetterProvider.blueprint(), Counter.blueprint(), BySpec.blueprint());
    const pinned = (target: string) => () => refsOf(plan.remappings([[BySpec, "adder", target]]));
    expect(pinned("Provider")()).toEqual({ "BySpec.adder": { kind: "module", instance: "Provider" } });
    expect(pinned("Counter")).toThrow("BySpec.adder is pinned to Counter, which has no add");
    expect(pinned("Provder")).toThrow(
      'BySpec.adder is pinned to "Provder", which is not in the blueprint. Did you mean "Provider"?',
    );
    const byClass = autoconnect(ByClass.blueprint(), Provider.blueprint(), Counter.blueprint());
    expect(() => refsOf(byClass.remappings([[ByClass, "provider", "Counter"]]))).toThrow(
      "ByClass.provider is pinned to Counter, which is no Provider",
    );
  });

  it("reports every problem at once, before anything is constructed where classes are enough (C4)", () => {
    const plan = autoconnect(ByClass.blueprint(), ByClass.blueprint().namespace("robot0")).entries;
    const unconstructed = plan.map((entry) => ({ ...entry, methods: undefined }));
    expect(() => resolveRefs(plan, unconstructed)).toThrow(
      "ByClass.provider needs Provider, and there is none. Add one to the blueprint, or declare the reference optional(...). Modules there: robot0/ByClass\n" +
        "robot0/ByClass.provider needs Provider, and there is none. Add one to the blueprint, or declare the reference optional(...). Modules there: ByClass",
    );
    const alone = autoconnect(BySpec.blueprint(), Provider.blueprint().namespace("robot0")).entries;
    expect(() =>
      resolveRefs(
        alone,
        alone.map((entry) => ({ ...entry, methods: undefined })),
      ),
    ).toThrow("BySpec.adder needs a module with add, and there is none.");
  });

  it("allows references in a circle: they start together (C4)", () => {
    const plan = autoconnect(Ping.blueprint(), Pong.blueprint());
    const refs = refsOf(plan);
    expect(refs).toEqual({
      "Ping.pong": { kind: "module", instance: "Pong" },
      "Pong.ping": { kind: "module", instance: "Ping" },
    });
    expect(
      startOrder(
        new Map([
          ["Ping", ["Pong"]],
          ["Pong", ["Ping"]],
        ]),
      ),
    ).toEqual([["Ping", "Pong"]]);
  });
});
