import { expect, it } from "vitest";
import { CapabilityRegistry } from "../safety/capability-registry.ts";
import { WorkerSafety } from "../worker/worker-safety.ts";
import { hostSkills, skill } from "./methods.ts";
import { Module } from "./module.ts";

/** Looks around before it accepts, and then sweeps until it is ended. */
class Sweeper extends Module({ source: import.meta.url }) {
  hasBegun = false;
  looks = Promise.withResolvers<void>();
  hasLooked = Promise.withResolvers<void>();

  sweep = skill({ description: "Sweeps.", uses: ["movement"], lifecycle: "background" }, async (_input, { accept }) => {
    this.looks.resolve();
    await this.hasLooked.promise;
    return accept("sweeps", async ({ signal }) => {
      this.hasBegun = true;
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
  });
}

function hosted() {
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const capabilities = new CapabilityRegistry();
  const leases = {
    acquire: (request: Parameters<CapabilityRegistry["acquire"]>[1]) => capabilities.acquire("worker-1", request),
    release: (lease: string) => capabilities.release(lease),
  };
  const safety = new WorkerSafety({ leases, log, rewire() {}, report() {} });
  const module = new AbortController();
  const sweeper = new Sweeper({ signal: module.signal, instanceName: "Sweeper" } as never);
  const permit = (wanted: Parameters<WorkerSafety["permit"]>[2]) => safety.permit("Sweeper", "", wanted);
  hostSkills(sweeper, { instance: "Sweeper", signal: module.signal, log, permit });
  return { sweeper, safety, module, capabilities };
}

it.each([
  ["its caller has left", "CALLER_LEFT"],
  ["the emergency stop was latched", "ESTOP"],
  ["its module was stopped", "MODULE_STOPPED"],
])("A robot does not set off in the background when %s before it had accepted (I2, I5)", async (_, code) => {
  const { sweeper, safety, module, capabilities } = hosted();
  const caller = new AbortController();
  const asked = sweeper.sweep({}, { signal: caller.signal });
  asked.catch(() => {});
  await sweeper.looks.promise;
  expect(capabilities.holders()).toMatchObject([{ capability: "movement", skill: "Sweeper.sweep" }]);
  const reason = Object.assign(new Error(code), { code });
  if (code === "ESTOP") await safety.change({ latched: true, reason: "a child in the way", since: 0 }, undefined);
  else if (code === "CALLER_LEFT") caller.abort(reason);
  else module.abort(reason);
  sweeper.hasLooked.resolve();
  await expect(asked).rejects.toMatchObject({ code });
  expect([sweeper.hasBegun, sweeper.sweep.isRunning]).toEqual([false, false]);
  expect(capabilities.holders()).toEqual([]);
});

it("A robot that sweeps in the background goes on when its caller leaves, and is free for others when it has ended", async () => {
  const { sweeper, capabilities } = hosted();
  const caller = new AbortController();
  sweeper.hasLooked.resolve();
  expect(await sweeper.sweep({}, { signal: caller.signal })).toBe("sweeps");
  caller.abort();
  expect([sweeper.hasBegun, sweeper.sweep.isRunning]).toEqual([true, true]);
  expect(capabilities.holders()).toHaveLength(1);
  expect(await sweeper.sweep.end()).toBe(true);
  expect(sweeper.sweep.isRunning).toBe(false);
  expect(capabilities.holders()).toEqual([]);
});
