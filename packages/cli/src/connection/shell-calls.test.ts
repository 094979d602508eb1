import { setImmediate as nextTurn } from "node:timers/promises";
import type { OutgoingCall } from "@dimos/porcelain";
import { CallAbortedError } from "@dimos/rpc";
import { expect, it } from "vitest";
import { ShellCalls } from "./shell-calls.ts";

/** A call that goes on until it is aborted. */
function endless(name: string, kind: OutgoingCall["kind"] = "method"): OutgoingCall {
  return {
    kind,
    name,
    make: ({ signal, onLateOutcome } = {}) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => {
          reject(new CallAbortedError(name, signal.reason));
          if (kind === "method") onLateOutcome?.({ status: "fulfilled", value: { moved: 1 } });
        });
      }),
  };
}

const instant = (name: string): OutgoingCall => ({ kind: "method", name, make: async () => name });

it("aborts every call that is under way, and tells how each ended", async () => {
  const calls = new ShellCalls(() => {});
  calls.beginLine();
  const pending = [calls.intercept(endless("walk")), calls.intercept(endless("publish cmdVel", "publish"))];
  expect(await calls.intercept(instant("look"))).toBe("look");
  const settled = Promise.allSettled(pending);
  const aborted = calls.abortAll("Ctrl-C");
  expect((await settled).map((one) => one.status === "rejected" && one.reason.code)).toEqual([
    "CALL_ABORTED",
    "CALL_ABORTED",
  ]);
  expect(await Promise.all(aborted.map(async ({ name, outcome }) => [name, await outcome]))).toEqual([
    ["walk", { status: "fulfilled", value: { moved: 1 } }],
    ["publish cmdVel", { status: "fulfilled", value: undefined }],
  ]);
  expect(calls.abortAll("Ctrl-C")).toEqual([]);
});

it("makes no further call of a line that was interrupted, and says so once; later lines call as before", async () => {
  const refused: string[] = [];
  const calls = new ShellCalls((name) => refused.push(name));
  const made: string[] = [];
  const loop = async () => {
    for (;;) {
      await calls.intercept(endless("walk")).catch(() => {});
      void calls.intercept(instant("turn")).then(() => made.push("turn"));
    }
  };
  calls.beginLine();
  void loop();
  calls.abortAll("Ctrl-C");
  calls.beginLine();
  expect(await calls.intercept(instant("look"))).toBe("look");
  await nextTurn();
  expect({ refused, made }).toEqual({ refused: ["turn"], made: [] });
});
