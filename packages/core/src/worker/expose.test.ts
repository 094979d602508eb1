import type { CallContext, RpcHandler } from "@dimos/rpc";
import { expect, it } from "vitest";
import { Motor, Walker } from "../../test/moving.ts";
import { CALL_PATH, exposeModule, hideModule, READ } from "./expose.ts";
import { WorkerSafety } from "./worker-safety.ts";

const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };

function exposed(debugCalls: boolean) {
  const leases = { acquire: () => Promise.resolve(), release() {} };
  const safety = new WorkerSafety({ leases, log, rewire() {}, report() {} });
  const methods = new Map<string, RpcHandler>();
  const context = { signal: new AbortController().signal, log, instanceName: "Motor", config: {} } as never;
  exposeModule(methods, "Motor", new Motor(context), { debugCalls, safety });
  exposeModule(methods, "Walker", new Walker(context), { debugCalls, safety });
  const call = async (name: string, ...args: unknown[]) =>
    (methods.get(name) as RpcHandler)(args, { signal: new AbortController().signal } as CallContext);
  return { methods, safety, call };
}

it("No method and no deep path moves a robot that is stopped or held (I5, K5a)", async () => {
  const { safety, call } = exposed(true);
  const moves = [() => call("Motor.turn"), () => call("Walker.drift"), () => call(`Walker.${CALL_PATH}`, ["push"], [])];
  for (const move of moves) await move();
  await safety.change({ latched: true, reason: "a child in the way", since: 0 }, undefined);
  for (const move of moves) await expect(move()).rejects.toMatchObject({ code: "ESTOP" });
  expect(await call("Motor.state")).toEqual({ pushes: 0, estops: [] });
  expect(await call(`Walker.${READ}`, ["_pushed"])).toMatchObject({ value: 1 });
  await safety.change({ latched: false }, undefined);
  safety.hold.add("coordinator-silent");
  for (const move of moves) await expect(move()).rejects.toMatchObject({ code: "HELD" });
});

it("Nobody starts or stops a module behind its coordinator's back, nor calls what it did not declare", async () => {
  const { methods, call } = exposed(true);
  for (const name of ["build", "start", "stop", "onStop", "onEstop", "onHold", "spawn"]) {
    expect(methods.has(`Motor.${name}`)).toBe(false);
    for (const path of [READ, CALL_PATH])
      await expect(call(`Motor.${path}`, [name], [])).rejects.toMatchObject({ code: "PATH_REFUSED" });
  }
  expect(exposed(false).methods.has(`Motor.${CALL_PATH}`)).toBe(false);
});

it("Callers of a module that has left hear that it is gone, and those of one that is replaced that they may wait", async () => {
  const { methods, call } = exposed(false);
  hideModule(methods, "Motor");
  hideModule(methods, "Walker", true);
  await expect(call("Motor.turn")).rejects.toThrow("Motor is not running any more");
  await expect(call("Walker.drift")).rejects.toMatchObject({ data: { replaced: "Walker" } });
});
