import { once } from "node:events";
import { createServer } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { frameRing, readStamp } from "./frame-bytes.ts";
import type { Link } from "./link.ts";

/** More than this waits in a socket: the publisher is held back. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** Raw `ws` over a Unix socket, moving bytes. */
export const ws: Link = {
  async publisher(address) {
    const http = createServer();
    const server = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: 2 ** 26 });
    http.listen(address);
    await once(http, "listening");
    return {
      publish: (payload) => {
        const bytesOf = frameRing(payload);
        return (message) => sendToAll(server.clients, bytesOf(message));
      },
      get subscribers() {
        return server.clients.size;
      },
    };
  },
  async subscriber(address, take) {
    const socket = new WebSocket(`ws+unix:${address}:/`, { perMessageDeflate: false, maxPayload: 2 ** 26 });
    socket.on("message", (data: Buffer) => take(readStamp(data)));
    await once(socket, "open");
  },
};

function sendToAll(sockets: ReadonlySet<WebSocket>, data: Buffer): Promise<void> | undefined {
  let room: Promise<unknown> | undefined;
  for (const socket of sockets) {
    if (socket.bufferedAmount < HIGH_WATER_BYTES) socket.send(data);
    else {
      const sent = new Promise((resolve) => socket.send(data, resolve));
      room = room === undefined ? sent : Promise.all([room, sent]);
    }
  }
  return room as Promise<void> | undefined;
}
