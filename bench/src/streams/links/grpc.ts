import { Client, credentials, Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import type { Stamped } from "../payload.ts";
import { drained, type Link } from "./link.ts";
import { pack, unpack } from "./pack.ts";

type Stream = ServerWritableStream<Stamped, Stamped>;

const METHOD = {
  path: "/bench.Frames/Watch",
  requestStream: false,
  responseStream: true,
  requestSerialize: pack,
  requestDeserialize: unpack,
  responseSerialize: pack,
  responseDeserialize: (bytes: Buffer) => unpack(bytes) as Stamped,
} as const;
const OPTIONS = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** A server stream of gRPC over a Unix socket, with MessagePack for the messages. */
export const grpc: Link = {
  async publisher(address) {
    const streams = new Set<Stream>();
    const server = new Server(OPTIONS);
    server.addService({ watch: METHOD }, { watch: (stream: Stream) => void streams.add(stream) });
    await new Promise<void>((resolve, reject) =>
      server.bindAsync(`unix:${address}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      ),
    );
    return {
      publish: () => (message) => {
        const full = [...streams].filter((stream) => !stream.write(message));
        return full.length === 0 ? undefined : Promise.all(full.map(drained)).then(() => undefined);
      },
      get subscribers() {
        return streams.size;
      },
    };
  },
  async subscriber(address, take) {
    const client = new Client(`unix:${address}`, credentials.createInsecure(), OPTIONS);
    const stream = client.makeServerStreamRequest(METHOD.path, pack, METHOD.responseDeserialize, { n: 0, t: 0 });
    stream.on("data", take);
  },
};
