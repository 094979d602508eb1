import { isMessageType, type MessageType } from "../message.ts";
import type { Qos } from "../qos.ts";
import type { PortCheck, PortSpec } from "./spec.ts";

interface PortType {
  readonly type: MessageType<unknown>;
  /** Its own, else the message's. */
  readonly qos: Qos;
  readonly checks: readonly PortCheck<unknown>[];
}

/** The message type of a port, the QoS that counts there, and what it expects of each message. */
export function portType(port: PortSpec): PortType {
  if (isMessageType(port)) return { type: port, qos: port.qos, checks: [] };
  const {
    type,
    qos,
    checks = [],
  } = port as { readonly type: MessageType<unknown> } & Exclude<PortSpec, MessageType<unknown>>;
  return { type, qos: { ...type.qos, ...qos }, checks: checks as readonly PortCheck<unknown>[] };
}

/** The first fault that one of the checks of a port finds in a message. */
export function portFault(
  checks: readonly PortCheck<unknown>[],
  message: unknown,
  frame: (id: string) => string,
): string | undefined {
  try {
    for (const check of checks) {
      const fault = check(message, frame);
      if (fault !== undefined) return fault;
    }
    return undefined;
  } catch (error) {
    // The publisher, which may be in the same process, is not to blame.
    return `a check of the port failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
