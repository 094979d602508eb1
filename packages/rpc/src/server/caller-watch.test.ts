import { expect, test } from "vitest";
import { decodeServerFrame } from "../frames.ts";
import { Call } from "./call.ts";
import { CallerWatch } from "./caller-watch.ts";
import type { Peer } from "./peer.ts";

/** As often as the watch looks. */
const STEP_MS = 50;

test("K5 a caller is watched for as long as one of the skills that run for it moves the robot", () => {
  const said: string[] = [];
  const sendOrDrop = (bytes: Buffer) => {
    const frame = decodeServerFrame(bytes);
    said.push(frame.kind === "asking" ? `asking for call ${frame.id}: ${frame.isAsking}` : frame.kind);
  };
  const watch = new CallerWatch({ sendOrDrop, readOn: () => false } as unknown as Peer);
  try {
    const call = new Call("client", {}, { ask: (asker) => watch.add(asker, 7) });
    const ends = [call.askCaller(), call.askCaller()];
    expect(said).toEqual(["asking for call 7: true", "ask"]);
    // Twice is once.
    ends[0]?.();
    ends[0]?.();
    expect(said).toHaveLength(2);
    ends[1]?.();
    expect(said.slice(2)).toEqual(["asking for call 7: false"]);
    call.askCaller();
    expect(said.slice(3)).toEqual(["asking for call 7: true", "ask"]);
    call.settle();
    watch.remove(call);
    call.askCaller();
    expect(said).toHaveLength(5);
  } finally {
    watch.end();
  }
});

test("K5 a caller that gives no sign of life has its call aborted, which is told why", {
  timeout: 30_000,
}, async () => {
  const watch = new CallerWatch({ sendOrDrop: () => {}, readOn: () => false } as unknown as Peer);
  const call = new Call("client", {}, { ask: (asker) => watch.add(asker) });
  const aborted = new Promise((resolve) => call.signal.addEventListener("abort", resolve));
  // Steps that are late, because this process was held up, count for less: so do these.
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, STEP_MS);
  call.askCaller();
  await aborted;
  clearInterval(timer);
  expect(ticks).toBeLessThan((2 * 1_500) / STEP_MS);
  expect(call.signal.reason).toMatchObject({ code: "CALLER_SILENT" });
  expect(call.silence).toBe(call.signal.reason);
});
