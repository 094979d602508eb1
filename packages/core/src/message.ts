import { hasBrand, MESSAGE } from "./brand.ts";
import { DEFAULT_QOS, type Qos } from "./qos.ts";
import type { StandardSchema } from "./schema.ts";

/** The type of a stream. Its identity, on the wire and in wiring, is its name. */
export interface MessageType<T> {
  /** The ROS name of the message: `"geometry_msgs/Twist"`. */
  readonly name: string;
  readonly schema: StandardSchema<unknown, T>;
  readonly qos: Qos;
  readonly [MESSAGE]: true;
}

/** The payload type of a message type: `type Twist = Payload<typeof Twist>`. */
export type Payload<M> = M extends MessageType<infer T> ? T : never;

/**
 * Declares a message type. Payloads are plain objects and typed arrays, units are SI.
 *
 * @param name the ROS name, `package/Type`
 * @param options `qos` is the default of every port that carries this message: `queue` of 16 when left out
 */
export function message<T>(
  name: string,
  schema: StandardSchema<unknown, T>,
  options: { readonly qos?: Qos } = {},
): MessageType<T> {
  return Object.freeze({
    name,
    schema,
    qos: Object.freeze({ ...(options.qos ?? DEFAULT_QOS) }),
    [MESSAGE]: true as const,
  });
}

export function isMessageType(value: unknown): value is MessageType<unknown> {
  return hasBrand(value, MESSAGE);
}
