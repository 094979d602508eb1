import { isMessageType, type MessageType } from "../message.ts";
import type { Qos } from "../qos.ts";
import type { PortSpec } from "./spec.ts";

/** The message type of a port and the QoS that counts there: its own, else the message's. */
export function portType(port: PortSpec): { readonly type: MessageType<unknown>; readonly qos: Qos } {
  if (isMessageType(port)) return { type: port, qos: port.qos };
  const { type, qos } = port as { readonly type: MessageType<unknown>; readonly qos: Qos };
  return { type, qos: { ...type.qos, ...qos } };
}
