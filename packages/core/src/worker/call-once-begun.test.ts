import { CallTimeoutError, ConnectionLostError } from "@dimos/rpc";
import { expect, it } from "vitest";
import { callOnceBegun } from "./call-once-begun.ts";
import { NotSent } from "./connections.ts";

const notSent = () => new NotSent(new ConnectionLostError("nobody there"));

it("makes a call that was not sent again with what is left of its time, and names its whole deadline", async () => {
  const given: (number | undefined)[] = [];
  const attempt = async ({ timeoutMs }: { timeoutMs?: number }) => {
    given.push(timeoutMs);
    throw given.length === 1 ? notSent() : new CallTimeoutError("Robot.walk", timeoutMs as number);
  };
  const elsewhere = (error: unknown) => error instanceof NotSent && new Promise((resolve) => setTimeout(resolve, 50));
  await expect(callOnceBegun("Robot.walk", { timeoutMs: 1000 }, attempt, elsewhere)).rejects.toThrow(
    "Robot.walk did not answer within 1000 ms",
  );
  expect(given).toEqual([1000, expect.any(Number)]);
  expect(given[1]).toBeLessThan(960);
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
