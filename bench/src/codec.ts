import { isDeepStrictEqual } from "node:util";
import { decode, encode, MessageDecoder, MessageEncoder } from "@dimos/rpc";
import { Packr } from "msgpackr";
import { compared } from "./column.ts";
import { type Contender, compare } from "./compare.ts";
import type { BenchContext } from "./context.ts";
import { quantile } from "./quantile.ts";
import type { Table } from "./report.ts";

/** Messages between two readings of the clock. The median batch is one in which no other process had the processor. */
const BATCH = 10;

type RoundTrip = (message: unknown) => unknown;

const odometry = {
  header: { stamp: { sec: 1_764_380_000, nsec: 250_000_000 }, frameId: "odom" },
  childFrameId: "base_link",
  pose: {
    pose: { position: { x: 1.97, y: -0.03, z: 0.31 }, orientation: { x: 0, y: 0, z: 0.0871, w: 0.9962 } },
    covariance: Float64Array.from({ length: 36 }, (_, i) => i / 7),
  },
  twist: {
    twist: { linear: { x: 0.55, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0.12 } },
    covariance: new Float64Array(36),
  },
};

/** About 1 KB: texts, numbers, flags, lists and objects, as in a description or a result. */
const mixed = {
  module: "UnitreeSkills",
  state: "running",
  pid: 48_213,
  uptimeSeconds: 1234.5678,
  isActuator: true,
  error: null,
  description:
    "Move relative to where the robot stands and faces now. Ends by odometry, and reports what was measured.",
  tags: ["movement", "navigation", "odometry", "simulated"],
  skills: Array.from({ length: 6 }, (_, i) => ({ name: `skill_${i}`, timeoutMs: 1000 * i, isBackground: i % 2 === 0 })),
  result: { status: "reached", moved: 1.9732, heading: -0.0213, error: null, path: [0.1, 0.5, 1.25, 2, 3.75] },
  limits: { speed: 0.55, acceleration: 1.2, turn: 0.9, clearance: 0.3, retries: 3 },
  notes: "Blocked by a wall once, 40 cm from the goal; went around it on the left, which took 3.2 s longer.",
};

const MESSAGES: Readonly<Record<string, unknown>> = {
  "a small call": { jsonrpc: "2.0", id: 7, method: "move", params: [{ x: 1 }] },
  odometry,
  "1 KB of mixed fields": mixed,
  "1,080 numbers": Array.from({ length: 1080 }, (_, i) => 2.5 + Math.sin(i / 40)),
  "a Float32Array of 240 KB": new Float32Array(60_000).map((_, i) => Math.cos(i)),
};

/** What calls use, what streams use, and the library that could be used instead, with all of its types turned on. */
function codecs(): Readonly<Record<string, RoundTrip>> {
  const packr = new Packr({ useRecords: false, moreTypes: true, structuredClone: true });
  const encoder = new MessageEncoder();
  const decoder = new MessageDecoder();
  return {
    msgpackr: (message) => packr.unpack(packr.pack(message)),
    "dimos encode, decode": (message) => decode(encode(message)),
    "dimos MessageEncoder, MessageDecoder": (message) => {
      const bytes = encoder.encode(message);
      if (bytes > 32 * 1024) return decode(Buffer.concat(encoder.takeParts(), bytes));
      const frame = Buffer.allocUnsafe(bytes);
      encoder.copyTo(frame, 0);
      return decoder.decode(frame);
    },
  };
}

/** Encodes and decodes messages in one process. */
export async function benchCodec(context: BenchContext): Promise<readonly Table[]> {
  const tables: Table[] = [];
  const columns = [compared("us", "µs per message", 2)];
  for (const [name, message] of Object.entries(MESSAGES)) {
    const contenders = Object.entries(codecs()).map(([codec, roundTrip]) =>
      contender(codec, roundTrip, message, context),
    );
    tables.push(await compare({ title: `Encode and decode: ${name}`, columns, contenders }, context));
  }
  return tables;
}

function contender(name: string, roundTrip: RoundTrip, message: unknown, context: BenchContext): Contender {
  let isWarm = false;
  const run = async () => {
    if (!isDeepStrictEqual(roundTrip(message), message)) throw new Error("came back as something else");
    for (let i = 0; !isWarm && i < context.warmUpCalls; i++) roundTrip(message);
    isWarm = true;
    const batches: number[] = [];
    const endMs = performance.now() + context.floodMs;
    for (let startedMs = 0; startedMs < endMs; ) {
      startedMs = performance.now();
      for (let i = 0; i < BATCH; i++) roundTrip(message);
      batches.push(performance.now() - startedMs);
    }
    return { us: (quantile(batches, 0.5) * 1000) / BATCH };
  };
  return { name, run };
}
