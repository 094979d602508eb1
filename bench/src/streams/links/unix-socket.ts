import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Payload, Stamped } from "../payload.ts";
import type { Publish } from "../send.ts";
import { frameBytes, readStamp } from "./frame-bytes.ts";
import { drained, type Link } from "./link.ts";

/** Smaller frames are gathered, and go out together when the event loop turns or so many bytes are there. */
const BATCH_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;
const READ_BYTES = 256 * 1024;

/** The floor: length-prefixed frames on a Unix socket, small ones batched, received into one buffer that is used again. */
export const unixSocket: Link = {
  async publisher(address) {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => sockets.delete(socket));
    });
    server.listen(address);
    await once(server, "listening");
    return {
      publish: (payload) => framed(payload, sockets),
      get subscribers() {
        return sockets.size;
      },
    };
  },
  async subscriber(address, take) {
    const read = frameReader(take);
    const socket = connect({
      path: address,
      onread: {
        buffer: Buffer.alloc(READ_BYTES),
        callback: (bytes, buffer) => {
          read(buffer as Buffer, bytes);
          return true;
        },
      },
    });
    await once(socket, "connect");
  },
};

function framed(payload: Payload, sockets: ReadonlySet<Socket>): Publish {
  const bytesOf = frameBytes(payload);
  return payload === "64 B" || payload === "1 KB" ? batched(bytesOf, sockets) : unbatched(bytesOf, sockets);
}

function unbatched(bytesOf: (message: Stamped) => Buffer, sockets: ReadonlySet<Socket>): Publish {
  return (message) => {
    const body = bytesOf(message);
    const head = Buffer.allocUnsafe(LENGTH_BYTES + 12);
    head.writeUInt32LE(body.byteLength, 0);
    body.copy(head, LENGTH_BYTES, 0, 12);
    return written(sockets, head, body.subarray(12));
  };
}

function batched(bytesOf: (message: Stamped) => Buffer, sockets: ReadonlySet<Socket>): Publish {
  let batch = Buffer.allocUnsafe(BATCH_BYTES);
  let used = 0;
  const flush = () => {
    if (used === 0) return undefined;
    const full = batch.subarray(0, used);
    batch = Buffer.allocUnsafe(BATCH_BYTES);
    used = 0;
    return written(sockets, full);
  };
  return (message) => {
    const body = bytesOf(message);
    if (used === 0) process.nextTick(flush);
    batch.writeUInt32LE(body.byteLength, used);
    body.copy(batch, used + LENGTH_BYTES);
    used += LENGTH_BYTES + body.byteLength;
    return used + LENGTH_BYTES + body.byteLength > BATCH_BYTES ? flush() : undefined;
  };
}

/** Waits for the slowest. */
function written(sockets: ReadonlySet<Socket>, ...pieces: readonly Buffer[]): Promise<void> | undefined {
  const full: Socket[] = [];
  for (const socket of sockets) {
    socket.cork();
    for (const piece of pieces) socket.write(piece);
    socket.uncork();
    if (socket.writableNeedDrain) full.push(socket);
  }
  return full.length === 0 ? undefined : Promise.all(full.map(drained)).then(() => undefined);
}

/** Cuts what was read into frames; one that came in pieces is put together in a buffer that is used again. */
function frameReader(take: (message: Stamped) => void): (bytes: Buffer, count: number) => void {
  let partial = Buffer.alloc(READ_BYTES);
  let held = 0;
  const hold = (bytes: Buffer, from: number, to: number) => {
    bytes.copy(partial, held, from, to);
    held += to - from;
  };
  return (bytes, count) => {
    let at = 0;
    while (at < count) {
      if (held === 0 && count - at >= LENGTH_BYTES) {
        const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
        if (end <= count) {
          take(readStamp(bytes.subarray(at + LENGTH_BYTES, end)));
          at = end;
          continue;
        }
      }
      if (held < LENGTH_BYTES) {
        const to = Math.min(count, at + LENGTH_BYTES - held);
        hold(bytes, at, to);
        at = to;
        if (held < LENGTH_BYTES) return;
      }
      const total = LENGTH_BYTES + partial.readUInt32LE(0);
      if (partial.byteLength < total) partial = Buffer.concat([partial.subarray(0, held)], total);
      const to = Math.min(count, at + total - held);
      hold(bytes, at, to);
      at = to;
      if (held < total) return;
      take(readStamp(partial.subarray(LENGTH_BYTES, total)));
      held = 0;
    }
  };
}
