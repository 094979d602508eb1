import { expect, test } from "vitest";
import { decodeServerFrame } from "../frames.ts";
import { Call } from "./call.ts";
import { CallerWatch } from "./caller-watch.ts";
import type { Peer } from "./peer.ts";

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
  call.askCaller();
  await aborted;
  expect(call.signal.reason).toMatchObject({ code: "CALLER_SILENT" });
  expect(call.silence).toBe(call.signal.reason);
});
