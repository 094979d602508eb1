import { describe, expect, it } from "vitest";
import { CapabilityRegistry } from "./capability-registry.ts";
import type { LeaseRequest } from "./lease.ts";

/** A request of a skill, and how it stands after the promises of this turn. */
function registry() {
  const capabilities = new CapabilityRegistry();
  const outcomes: Record<string, string> = {};
  const ask = (lease: string, given: Partial<LeaseRequest> & { readonly worker?: string } = {}) => {
    const { worker = "worker-1", ...request } = given;
    const asked = capabilities.acquire(worker, {
      lease,
      capabilities: ["movement"],
      instance: "Walker",
      skill: `Walker.${lease}`,
      lifecycle: "instant",
      endedBy: undefined,
      lentBy: undefined,
      waitMs: 60_000,
      ...request,
    });
    outcomes[lease] = "waits";
    asked.then(
      () => {
        outcomes[lease] = "holds";
      },
      (error: { code?: string; message: string }) => {
        outcomes[lease] = error.code ?? error.message;
      },
    );
    return asked;
  };
  const settled = async () => {
    await new Promise(setImmediate);
    return outcomes;
  };
  const end = () => {
    for (const lease of Object.keys(outcomes)) capabilities.release(lease);
  };
  return { capabilities, ask, settled, end };
}

describe("Two skills never move one robot at the same time:", () => {
  it("the second has its turn when the first has given back what it held, in the order of asking (I3)", async () => {
    const { capabilities, ask, settled, end } = registry();
    for (const lease of ["first", "second", "third"]) ask(lease);
    expect(await settled()).toEqual({ first: "holds", second: "waits", third: "waits" });
    capabilities.release("first");
    expect(await settled()).toEqual({ first: "holds", second: "holds", third: "waits" });
    // One that has changed its mind is passed over.
    capabilities.release("third");
    capabilities.release("second");
    expect(await settled()).toMatchObject({ third: "CAPABILITY_HELD" });
    expect(capabilities.holders()).toEqual([]);
    end();
  });

  it("one that waits for an arm as well is not passed by those who need its legs only", async () => {
    const { capabilities, ask, settled, end } = registry();
    ask("walk");
    ask("wave", { capabilities: ["movement", "arm"] });
    ask("point", { capabilities: ["arm"] });
    expect(await settled()).toEqual({ walk: "holds", wave: "waits", point: "waits" });
    capabilities.release("walk");
    expect(await settled()).toMatchObject({ wave: "holds", point: "waits" });
    capabilities.release("wave");
    expect(await settled()).toMatchObject({ point: "holds" });
    end();
  });

  it("two skills that one skill has called at once take turns, and nobody else comes in between", async () => {
    const { capabilities, ask, settled, end } = registry();
    ask("tour");
    ask("stranger");
    ask("left", { lentBy: "tour" });
    ask("right", { lentBy: "tour" });
    ask("step", { lentBy: "left" });
    expect(await settled()).toEqual({
      tour: "holds",
      left: "holds",
      right: "waits",
      step: "holds",
      stranger: "waits",
    });
    for (const lease of ["step", "left"]) capabilities.release(lease);
    expect(await settled()).toMatchObject({ right: "holds", stranger: "waits" });
    expect(capabilities.holders()).toMatchObject([{ skill: "Walker.tour" }]);
    capabilities.release("right");
    capabilities.release("tour");
    expect(await settled()).toMatchObject({ stranger: "holds" });
    end();
  });
});

describe("A robot does not stay blocked:", () => {
  it("a background skill refuses whoever waits or comes, by the name of what ends it (I3)", async () => {
    const { capabilities, ask, settled, end } = registry();
    ask("walk");
    ask("patrol", { lifecycle: "background", endedBy: "Walker.endPatrol" });
    const waiting = ask("wave");
    expect(await settled()).toEqual({ walk: "holds", patrol: "waits", wave: "waits" });
    capabilities.release("walk");
    const message = '"movement" is held by Walker.patrol (since 0 s). Stop it with Walker.endPatrol, or wait.';
    await expect(waiting).rejects.toMatchObject({ code: "CAPABILITY_HELD", message });
    await expect(ask("run")).rejects.toMatchObject({ code: "CAPABILITY_HELD", message });
    // What it calls itself has its turn.
    ask("step", { lentBy: "patrol" });
    expect(await settled()).toMatchObject({ patrol: "holds", step: "holds" });
    end();
  });

  it("what a worker held that has crashed is free, and what it waited for it does not get (I3)", async () => {
    const { capabilities, ask, settled, end } = registry();
    ask("walk");
    ask("late");
    ask("other", { worker: "worker-2", instance: "Guide" });
    capabilities.freeWorker("worker-1");
    expect(await settled()).toEqual({ walk: "holds", late: "CAPABILITY_HELD", other: "holds" });
    expect(capabilities.holders()).toMatchObject([{ skill: "Walker.other", worker: "worker-2" }]);
    end();
  });

  it("what an instance held that was replaced is free, and what its successor holds is not (D4)", async () => {
    const { capabilities, ask, settled, end } = registry();
    ask("old");
    ask("arm", { capabilities: ["arm"] });
    const replacedMs = performance.now() + 1;
    while (performance.now() <= replacedMs);
    ask("new", { capabilities: ["camera"] });
    capabilities.freeInstance("Guide", replacedMs);
    expect(capabilities.holders()).toHaveLength(3);
    capabilities.freeInstance("Walker", replacedMs);
    expect(capabilities.holders()).toMatchObject([{ capability: "camera", skill: "Walker.new" }]);
    capabilities.freeInstance("Walker");
    expect(capabilities.holders()).toEqual([]);
    await settled();
    end();
  });

  it("who has waited for as long as it may hears who is in the way", async () => {
    const { ask, end } = registry();
    ask("walk");
    await expect(ask("wave", { waitMs: 1 })).rejects.toMatchObject({
      code: "CAPABILITY_HELD",
      message: '"movement" is held by Walker.walk (since 0 s). Abort its call, or wait.',
    });
    end();
  });
});

it("An emergency stop refuses whoever waits and whoever comes, until its reset (I5)", async () => {
  const { capabilities, ask, settled, end } = registry();
  ask("walk");
  ask("wave");
  capabilities.refuse((skill) => Object.assign(new Error(skill), { code: `ESTOP ${skill}` }));
  capabilities.release("walk");
  ask("run");
  expect(await settled()).toEqual({ walk: "holds", wave: "ESTOP Walker.wave", run: "ESTOP Walker.run" });
  expect(capabilities.holders()).toEqual([]);
  capabilities.refuse(undefined);
  ask("again");
  expect(await settled()).toMatchObject({ again: "holds" });
  end();
});
