import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "rpc-websockets";
import { connectBare } from "../../rpc/connect-bare.ts";
import type { Stamped } from "../payload.ts";
import type { Link } from "./link.ts";
import { pack, unpack } from "./pack.ts";

const HIGH_WATER_BYTES = 1024 * 1024;

/** Events of bare rpc-websockets with MessagePack over a Unix socket. */
export const rpcWebsockets: Link = {
  async publisher(address) {
    const http = createServer();
    const server = new Server(
      { server: http, perMessageDeflate: false, maxPayload: 2 ** 26 } as never,
      {
        encode: pack,
        decode: unpack,
      } as never,
    );
    server.event("frames");
    http.listen(address);
    await once(http, "listening");
    const sockets = (server.wss as unknown as { clients: ReadonlySet<{ bufferedAmount: number }> }).clients;
    let subscribers = 0;
    server.register("ready", (() => ++subscribers) as never);
    return {
      publish: () => (message) => {
        server.emit("frames", message);
        return room(sockets);
      },
      get subscribers() {
        return subscribers;
      },
    };
  },
  async subscriber(address, take) {
    const client = await connectBare(`ws+unix:${address}:/`);
    client.on("frames", (message: Stamped) => take(message));
    await client.subscribe("frames");
    await client.call("ready");
  },
};

/** The library has no backpressure of its own. */
function room(sockets: ReadonlySet<{ readonly bufferedAmount: number }>): Promise<void> | undefined {
  const isFull = () => [...sockets].some((socket) => socket.bufferedAmount > HIGH_WATER_BYTES);
  if (!isFull()) return undefined;
  return new Promise((resolve) => {
    const look = () => (isFull() ? setImmediate(look) : resolve());
    setImmediate(look);
  });
}
