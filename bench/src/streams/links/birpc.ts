import { once } from "node:events";
import { createServer } from "node:http";
import { createBirpc } from "birpc";
import { WebSocket, WebSocketServer } from "ws";
import type { Stamped } from "../payload.ts";
import type { Link } from "./link.ts";
import { pack, unpack } from "./pack.ts";

interface Receiver {
  take(message: Stamped): void;
}

const HIGH_WATER_BYTES = 1024 * 1024;

/** birpc with MessagePack over `ws` on a Unix socket; messages are events, which nobody answers. */
export const birpc: Link = {
  async publisher(address) {
    const http = createServer();
    const server = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: 2 ** 26 });
    http.listen(address);
    await once(http, "listening");
    const receivers = new Map<WebSocket, ReturnType<typeof createBirpc<Receiver, object>>>();
    const sent = new Map<WebSocket, Promise<void>>();
    server.on("connection", (socket) => {
      const rpc = createBirpc<Receiver, object>(
        {},
        {
          eventNames: ["take"],
          post: (data: Buffer) => {
            if (socket.bufferedAmount < HIGH_WATER_BYTES) socket.send(data);
            else sent.set(socket, new Promise((resolve) => socket.send(data, () => resolve())));
          },
          on: (listener) => void socket.on("message", listener),
          serialize: pack,
          deserialize: unpack,
        },
      );
      receivers.set(socket, rpc);
    });
    return {
      publish: () => (message) => {
        for (const rpc of receivers.values()) void rpc.take(message);
        if (sent.size === 0) return undefined;
        const room = Promise.all(sent.values()).then(() => undefined);
        sent.clear();
        return room;
      },
      get subscribers() {
        return receivers.size;
      },
    };
  },
  async subscriber(address, take) {
    const socket = new WebSocket(`ws+unix:${address}:/`, { perMessageDeflate: false, maxPayload: 2 ** 26 });
    const functions: Receiver = { take };
    createBirpc<object, Receiver>(functions, {
      post: (data: Buffer) => socket.send(data),
      on: (listener) => void socket.on("message", listener),
      serialize: pack,
      deserialize: unpack,
    });
    await once(socket, "open");
  },
};
