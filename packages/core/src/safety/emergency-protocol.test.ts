import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { socketDirectory } from "../../test/socket-directory.ts";
import { readLine } from "./emergency-protocol.ts";

it.each([
  ["a line in two pieces", ["stop ", "now\nand more"], "stop now"],
  ["a line without an end", ["x".repeat(40)], "more than 32 bytes"],
  ["many pieces without an end", Array.from({ length: 40 }, () => "x"), "more than 32 bytes"],
  ["half a line", ["sto"], "without an answer"],
  ["nothing", [], "without an answer"],
])("An emergency stop reads %s, and keeps no more than a line of it", async (_, pieces, outcome) => {
  await using directory = await socketDirectory();
  const server = createServer().listen(join(directory.path, "s"));
  const client = createConnection(join(directory.path, "s")).on("error", () => {});
  const [socket] = (await once(server, "connection")) as [Socket];
  const line = readLine(socket, 32).catch((error: Error) => error.message);
  for (const piece of pieces) await new Promise((sent) => client.write(piece, sent));
  client.end();
  expect(await line).toContain(outcome);
  client.destroy();
  socket.destroy();
  await once(server.close(), "close");
});
