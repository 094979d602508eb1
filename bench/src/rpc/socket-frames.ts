import type { Socket } from "node:net";

const LENGTH_BYTES = 4;

export function writeFrame(socket: Socket, body: Uint8Array): void {
  const head = Buffer.allocUnsafe(LENGTH_BYTES);
  head.writeUInt32LE(body.byteLength, 0);
  socket.cork();
  socket.write(head);
  socket.write(body);
  socket.uncork();
}

/** Cuts what a socket gives into the bodies of frames. */
export function frameReader(take: (body: Buffer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = LENGTH_BYTES;
  return (chunk) => {
    chunks.push(chunk);
    held += chunk.byteLength;
    if (held < wanted) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, held);
    wanted = LENGTH_BYTES;
    while (bytes.byteLength >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + bytes.readUInt32LE(0);
      if (bytes.byteLength < end) {
        wanted = end;
        break;
      }
      take(bytes.subarray(LENGTH_BYTES, end));
      bytes = bytes.subarray(end);
    }
    chunks = bytes.byteLength === 0 ? [] : [bytes];
    held = bytes.byteLength;
  };
}
