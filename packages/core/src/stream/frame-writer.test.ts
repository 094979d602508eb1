import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { MessageEncoder } from "@dimos/rpc";
import { expect, it } from "vitest";
import { socketDirectory } from "../../test/socket-directory.ts";
import { FrameWriter } from "./frame-writer.ts";
import { Outgoing } from "./outgoing.ts";

it("takes what is published between the end of a connection and its close, and throws it away", async () => {
  await using directory = await socketDirectory();
  const path = join(directory.path, "data");
  const server = createServer((peer) => peer.resume()).listen(path);
  await once(server, "listening");
  const socket: Socket = connect({ path });
  await once(socket, "connect");
  const writer = new FrameWriter(socket);
  const closed = once(socket, "close");
  socket.destroy();
  const encoder = new MessageEncoder();
  const small = new Outgoing(new Uint8Array(1_000), 0, encoder);
  const large = new Outgoing(new Uint8Array(100_000), 0, encoder);
  for (let n = 0; n < 200; n++) writer.message(1, small);
  writer.message(1, large);
  await closed;
  expect(writer.isFull).toBe(false);
  server.close();
  await once(server, "close");
});
