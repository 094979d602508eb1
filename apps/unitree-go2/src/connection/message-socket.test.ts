import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { serialize } from "node:v8";
import { expect, test } from "vitest";
import { MessageSocket } from "./message-socket.ts";

/** Both ends of a connection, the second one unread. */
async function connection() {
  const server = createServer();
  const path = join(process.env.XDG_RUNTIME_DIR as string, "messages");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const near = connect(path);
  const [far] = await accepted;
  return {
    near,
    far,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      near.destroy();
      far.destroy();
      await closed;
    },
  };
}

/** Reads messages from now on, until one is "last". */
function readAll(socket: Socket): Promise<unknown[]> {
  const messages: unknown[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<unknown[]>();
  const take = (message: unknown) => {
    messages.push(message);
    if (message === "last") resolve(messages);
  };
  new MessageSocket(socket, take, () => reject(new Error("closed")));
  return promise;
}

test("a reader that stands still costs the simulator no memory without bound: what is newer soon is left out for it", async () => {
  await using both = await connection();
  const sender = new MessageSocket(
    both.near,
    () => {},
    () => {},
  );
  const picture = new Uint8Array(2 ** 20);
  for (let i = 0; i < 60; i++) {
    sender.send([i, picture], true);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(both.near.writableLength).toBeLessThan(10 * 2 ** 20);
  sender.send("an answer");
  sender.send("last");
  const messages = await readAll(both.far);
  const pictures = messages.slice(0, -2) as [number, Uint8Array][];
  expect(pictures.length).toBeLessThan(15);
  expect(pictures.map(([i]) => i)).toEqual(pictures.map((_, i) => i));
  expect(messages.slice(-2)).toEqual(["an answer", "last"]);
});

test("messages arrive whole and in order, however the socket cuts them", async () => {
  await using both = await connection();
  const read = readAll(both.far);
  const messages = [{ kind: "call" }, new Float32Array([1, 2, 3]), "", "last"];
  const bytes = Buffer.concat(
    messages.flatMap((message) => {
      const length = Buffer.alloc(4);
      const body = serialize(message);
      length.writeUInt32LE(body.byteLength);
      return [length, body];
    }),
  );
  for (const byte of bytes) {
    both.near.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await read).toEqual(messages);
});

test("what claims to be larger than anything a simulator says ends the connection, and is not waited for", async () => {
  await using both = await connection();
  const read = readAll(both.far);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(2 ** 31);
  both.near.write(length);
  await expect(read).rejects.toThrow("closed");
});
