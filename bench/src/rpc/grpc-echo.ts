import { pack, unpack } from "../streams/links/pack.ts";

/** One method, MessagePack in both directions. */
export const ECHO_METHOD = {
  path: "/bench.Echo/Echo",
  requestStream: false,
  responseStream: false,
  requestSerialize: pack,
  requestDeserialize: unpack,
  responseSerialize: pack,
  responseDeserialize: unpack,
} as const;

export const GRPC_OPTIONS = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
