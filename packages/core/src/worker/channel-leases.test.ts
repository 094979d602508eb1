import { toWireError } from "@dimos/rpc";
import { expect, it } from "vitest";
import { CapabilityHeldError } from "../errors.ts";
import { ChannelLeases } from "./channel-leases.ts";
import type { FromWorker } from "./messages.ts";

const request = {
  lease: "1",
  capabilities: ["movement"],
  instance: "Walker",
  skill: "Walker.walk",
  lifecycle: "instant",
  endedBy: undefined,
  lentBy: undefined,
  waitMs: 60_000,
} as const;

it("A skill in another process moves the robot when the coordinator has said so, and not when it has refused (I3)", async () => {
  const sent: FromWorker[] = [];
  const leases = new ChannelLeases((message) => sent.push(message));
  const granted = leases.acquire(request);
  const refused = leases.acquire({ ...request, lease: "2" });
  expect(sent).toEqual([
    { type: "Acquire", request },
    { type: "Acquire", request: { ...request, lease: "2" } },
  ]);
  leases.decided("2", toWireError(new CapabilityHeldError("movement", "Walker.walk", undefined)));
  leases.decided("1", undefined);
  await granted;
  await expect(refused).rejects.toMatchObject({ name: "CapabilityHeldError", code: "CAPABILITY_HELD" });
  leases.release("1");
  expect(sent.at(-1)).toEqual({ type: "Release", lease: "1" });
});
