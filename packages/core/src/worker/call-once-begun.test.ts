import { CallTimeoutError, ConnectionLostError } from "@dimos/rpc";
import { expect, it } from "vitest";
import { callOnceBegun } from "./call-once-begun.ts";
import { NotSent } from "./connections.ts";
import type { BegunCall } from "./local-call.ts";

const notSent = () => new NotSent(new ConnectionLostError("nobody there"));

it("makes a call that was not sent again with what is left of its time, and names its whole deadline", async () => {
  const waited: (number | undefined)[] = [];
  const attempt = async ({ timeoutMs, waitedMs }: BegunCall) => {
    waited.push(waitedMs);
    throw waited.length === 1 ? notSent() : new CallTimeoutError("Robot.walk", timeoutMs as number);
  };
  const elsewhere = (error: unknown) => error instanceof NotSent && new Promise((resolve) => setTimeout(resolve, 50));
  await expect(callOnceBegun("Robot.walk", { timeoutMs: 1000 }, attempt, elsewhere)).rejects.toThrow(
    "Robot.walk did not answer within 1000 ms",
  );
  expect(waited).toEqual([undefined, expect.any(Number)]);
  // A timer may be a millisecond early.
  expect(waited[1]).toBeGreaterThan(45);
});

it("never makes a call again that may have begun, and never lets its own caller take it for one that has not", async () => {
  let attempts = 0;
  const lost = async () => {
    attempts++;
    throw new ConnectionLostError("in the middle of it");
  };
  await expect(callOnceBegun("Robot.walk", {}, lost, () => false)).rejects.toThrow("in the middle of it");
  expect(attempts).toBe(1);
  const refused = callOnceBegun(
    "Robot.walk",
    {},
    () => Promise.reject(notSent()),
    () => false,
  );
  await expect(refused).rejects.toBeInstanceOf(ConnectionLostError);
});
