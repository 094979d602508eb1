import { connect } from "@nats-io/transport-node";
import { frameRing, readStamp } from "./frame-bytes.ts";
import type { Link } from "./link.ts";

/** So many bytes may be under way before the publisher asks the server whether it has them: no more than the ring holds. */
const WINDOW_BYTES = 2 * 1024 * 1024;

/** NATS, moving bytes; `address` is that of the server. */
export const nats: Link = {
  async publisher(address) {
    const connection = await connect({ servers: address });
    let subscribers = 0;
    connection.subscribe("ready", {
      callback: (_error, message) => {
        subscribers++;
        message.respond();
      },
    });
    await connection.flush();
    return {
      publish: (payload) => {
        const bytesOf = frameRing(payload);
        let ahead = 0;
        return (message) => {
          const bytes = bytesOf(message);
          connection.publish("frames", bytes);
          ahead += bytes.byteLength;
          if (ahead < WINDOW_BYTES) return undefined;
          ahead = 0;
          return connection.flush();
        };
      },
      get subscribers() {
        return subscribers;
      },
    };
  },
  async subscriber(address, take) {
    const connection = await connect({ servers: address });
    connection.subscribe("frames", {
      callback: (_error, { data }) => take(readStamp(Buffer.from(data.buffer, data.byteOffset, data.byteLength))),
    });
    await connection.flush();
    await connection.request("ready");
  },
};
