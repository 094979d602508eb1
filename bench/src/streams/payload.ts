/** Every message of the bench carries its number and, when it is asked for its latency, when it was sent. */
export interface Stamped {
  readonly n: number;
  /** `process.hrtime` of the machine in nanoseconds; 0 when nobody asks. */
  readonly t: number;
}

export const PAYLOADS = ["64 B", "1 KB", "64 KB", "1 MB", "2.7 MB"] as const;
export type Payload = (typeof PAYLOADS)[number];

const IMAGE_BYTES: Readonly<Partial<Record<Payload, number>>> = {
  "64 KB": 64 * 1024,
  "1 MB": 1024 * 1024,
  "2.7 MB": 1280 * 720 * 3,
};
const JOINTS = 27;

/** Makes messages of one kind: a pose of six numbers, the state of 27 joints, or bytes of an image. */
export function messageMaker(payload: Payload): (n: number, t: number) => Stamped {
  const bytes = IMAGE_BYTES[payload];
  if (bytes !== undefined) {
    const data = new Uint8Array(bytes).fill(7);
    return (n, t) => ({ n, t, data });
  }
  if (payload === "64 B") return (n, t) => ({ n, t, x: 1.25, y: 2.5, z: 3.75, yaw: 0.1 });
  const name = Array.from({ length: JOINTS }, (_, joint) => `joint_${joint}`);
  const of = (phase: number) => name.map((_, joint) => Math.sin(joint + phase));
  const [position, velocity, effort] = [of(0), of(1), of(2)];
  return (n, t) => ({ n, t, name, position, velocity, effort });
}

/** How many bytes a message of this kind has, give or take a few of framing. */
export function payloadBytes(payload: Payload): number {
  return IMAGE_BYTES[payload] ?? (payload === "64 B" ? 64 : 1024);
}

/** Monotonic, and the same in every process of the machine. */
export function nowNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
