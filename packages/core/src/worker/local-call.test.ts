import { setTimeout as sleep } from "node:timers/promises";
import type { RpcHandler } from "@dimos/rpc";
import { expect, it } from "vitest";
import { callLocal } from "./local-call.ts";

const methods = new Map<string, RpcHandler>([
  [
    "Arm.fold",
    async ([ms], { progress }) => {
      await sleep(ms as number, undefined, { ref: false });
      progress("half way");
      await sleep(ms as number, undefined, { ref: false });
      return "folded";
    },
  ],
]);

it("waits as long as it was told, also longer than any timer takes, before and after progress (B4)", async () => {
  for (const timeoutMs of [2 ** 31 - 1, 2 ** 31, Number.POSITIVE_INFINITY])
    expect(await callLocal(methods, "Arm.fold", [5], { timeoutMs })).toBe("folded");
  await expect(callLocal(methods, "Arm.fold", [60_000], { timeoutMs: 5 })).rejects.toThrow(
    "Arm.fold did not answer within 5 ms",
  );
});
