import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { removeSocket, unixEndpoint } from "../test/endpoints.ts";
import { startServerProcess } from "../test/processes.ts";
import { encode } from "./codec/codec.ts";
import { FrameError } from "./errors.ts";
import { decodeClientFrame, decodeServerFrame, encodeClientFrame } from "./frames.ts";
import { connect } from "./index.ts";

/** `pnpm test:fuzz` asks for a million. */
const FRAMES = Number(process.env.DIMOS_FUZZ ?? 20_000);
const SEED = Number(process.env.DIMOS_FUZZ_SEED ?? 1);

/** Mulberry32: the same frames for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const values = [
  undefined,
  null,
  -1,
  0,
  1.5,
  2 ** 53,
  "",
  "rpc.abort",
  "__proto__",
  [],
  {},
  new Map([[{}, {}]]),
  new Date(Number.NaN),
  10n ** 30n,
  new Float64Array(3),
  new Error("e"),
  [[[[]]]],
];

/** Frames with the right members and wrong values, then bytes changed, cut, doubled and swapped. */
function createFrames(random: (below: number) => number): () => Buffer {
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const methods = [
    "echo",
    "nothing",
    "throw",
    "rpc.subscribe",
    "rpc.unsubscribe",
    "rpc.abort",
    "rpc.on",
    "rpc.login",
    "__proto__",
    "constructor",
  ];
  const whole = () => {
    const args = [pick(values), pick(values)];
    if (random(3) === 0)
      return encodeClientFrame({
        kind: "call",
        id: 1 + random(5),
        method: pick(methods),
        args,
        wantsProgress: random(2) === 0,
      });
    const names = [
      "jsonrpc",
      "id",
      "method",
      "params",
      "timeoutMs",
      "idleTimeoutMs",
      "progress",
      "result",
      "error",
      "notification",
    ];
    const members: Record<string, unknown> = { jsonrpc: "2.0", id: random(9), method: pick(methods), params: args };
    for (let i = random(4); i > 0; i--) members[pick(names)] = pick(values);
    return Buffer.from(encode(random(8) === 0 ? pick(values) : members));
  };
  return () => {
    const frame = Buffer.from(whole());
    for (let i = random(4); i > 0 && frame.length > 0; i--) frame[random(frame.length)] = random(256);
    if (random(5) === 0) return frame.subarray(0, random(frame.length + 1));
    if (random(9) === 0) return Buffer.concat([frame, frame.subarray(random(frame.length + 1))]);
    return frame;
  };
}

describe("mutated frames", () => {
  test(`B5 ${FRAMES} of them are read or refused, by either side, and nothing else happens`, () => {
    const frame = createFrames(createRandom(SEED));
    const before = process.memoryUsage().rss;
    for (let i = 0; i < FRAMES; i++) {
      const bytes = frame();
      for (const decode of [decodeClientFrame, decodeServerFrame]) {
        try {
          decode(bytes);
        } catch (error) {
          if (!(error instanceof FrameError)) throw new Error(`frame ${i}: ${bytes.toString("hex")}`, { cause: error });
        }
      }
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  }, 900_000);

  test(`B5 ${FRAMES} of them leave a server in place, with nothing held, and its other clients served`, async () => {
    const endpoint = unixEndpoint();
    await using server = await startServerProcess(endpoint);
    await using client = await connect(endpoint, { token: "secret" });
    const held = async () => (await client.call("held", [])) as number;
    const frame = createFrames(createRandom(SEED + 1));
    const open = async () => {
      const socket = new WebSocket(`ws+${endpoint}:/rpc`, { headers: { authorization: "Bearer secret" } });
      socket.on("message", () => {}).on("error", () => {});
      await once(socket, "open");
      return socket;
    };
    let socket = await open();
    let before = 0;
    for (let i = 0; i < FRAMES; i++) {
      if (socket.readyState !== WebSocket.OPEN) socket = await open();
      socket.send(frame(), { binary: i % 100 !== 0 });
      if (i % 500 === 0) expect(await client.call("echo", [i])).toBe(i);
      if (i === Math.floor(FRAMES / 10)) before = await held();
    }
    socket.terminate();
    expect(((await held()) - before) / 1024 / 1024).toBeLessThan(50);
    expect(server.child.exitCode).toBeNull();
    await client.close();
    server.child.kill("SIGKILL");
    removeSocket(endpoint);
  }, 900_000);
});
