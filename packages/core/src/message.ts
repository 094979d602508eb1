import { hasBrand, MESSAGE } from "./brand.ts";
import type { DeepReadonly } from "./deep-readonly.ts";
import { DEFAULT_QOS, type Qos } from "./qos.ts";
import type { StandardSchema } from "./schema.ts";

/** The type of a stream. Its identity, on the wire and in wiring, is its name. */
export interface MessageType<T> {
  /** The ROS name of the message: `"geometry_msgs/Twist"`. */
  readonly name: string;
  readonly schema: StandardSchema<unknown, T>;
  readonly qos: Qos;
  /** What every input looks at in each message; undefined: nothing. */
  check?(payload: DeepReadonly<T>): string | undefined;
  readonly [MESSAGE]: true;
}

/**
 * Looks for what no receiver can use in a message, such as a number that is not finite. Says what is wrong and in which
 * field, as a clause (`pose.position.x is NaN`), or undefined. It runs for every message: a microsecond, no more.
 */
export type MessageCheck<T> = (payload: DeepReadonly<T>) => string | undefined;

/** The payload type of a message type: `type Twist = Payload<typeof Twist>`. */
export type Payload<M> = M extends MessageType<infer T> ? T : never;

/**
 * Declares a message type. Payloads are plain objects and typed arrays, units are SI.
 *
 * @param name the ROS name, `package/Type`
 * @param options `qos` is the default of every port that carries this message: `queue` of 16 when left out. Inputs
 * leave out messages in which `check` finds a fault, and say so in the log
 */
export function message<T>(
  name: string,
  schema: StandardSchema<unknown, T>,
  options: { readonly qos?: Qos; readonly check?: MessageCheck<T> } = {},
): MessageType<T> {
  return Object.freeze({
    name,
    schema,
    qos: Object.freeze({ ...(options.qos ?? DEFAULT_QOS) }),
    ...(options.check === undefined ? {} : { check: options.check }),
    [MESSAGE]: true as const,
  });
}

export function isMessageType(value: unknown): value is MessageType<unknown> {
  return hasBrand(value, MESSAGE);
}
