import type { Keep, Qos } from "../qos.ts";

/** What a subscriber in another process asks for. */
export interface SubscribeRequest {
  readonly topic: string;
  readonly messageName: string;
  readonly qos: Qos;
}

/** The same, as it came over the socket. */
export interface ReceivedRequest extends SubscribeRequest {
  /** Of the subscriber, as it says. */
  readonly pid: number;
}

const KEEPS: ReadonlySet<unknown> = new Set<Keep>(["latest", "queue", "all"]);
/** Longer names are not those of streams, and would be kept. */
const MAX_NAME = 1024;

/** @throws RangeError for what no subscriber asks for */
export function checkedRequest(value: unknown): ReceivedRequest {
  const { topic, messageName, qos, pid } = fieldsOf(value);
  if (!isName(topic) || !isName(messageName) || typeof pid !== "number")
    throw new RangeError("A subscription names no stream");
  return { topic, messageName, qos: checkedQos(qos), pid };
}

/** @throws RangeError for what is no quality of service */
export function checkedQos(value: unknown): Qos {
  const { keep, depth, maxAgeMs, maxRateHz, latched } = fieldsOf(value);
  const isRight =
    KEEPS.has(keep) &&
    [depth, maxAgeMs, maxRateHz].every(
      (number) => number === undefined || (typeof number === "number" && number >= 0),
    ) &&
    (latched === undefined || typeof latched === "boolean");
  if (!isRight) throw new RangeError("A subscription asks for a quality of service that there is not");
  return { keep, depth, maxAgeMs, maxRateHz, latched } as Qos;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_NAME;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return (value ?? {}) as Readonly<Record<string, unknown>>;
}
