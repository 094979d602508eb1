import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { encodeClientFrame } from "../frames.ts";
import { serve } from "../index.ts";

const MEGABYTE = 1024 * 1024;

test("F2 a client that reads nothing costs the robot 16 MiB at most, and what it misses is counted", async () => {
  await using server = await serve(new Map(), { endpoint: "ws://127.0.0.1:0", token: "right", heartbeatMs: 0 });
  const headers = { authorization: "Bearer right" };
  const client = new WebSocket(`${server.endpoint}/rpc`, { headers, perMessageDeflate: false });
  await once(client, "open");
  client.send(encodeClientFrame({ kind: "subscribe", id: 1, topic: "picture" }));
  await once(client, "message");
  client.pause();
  const picture = new Uint8Array(MEGABYTE);
  for (let n = 0; n < 64; n++) server.publish("picture", picture);
  const { dropped, unsentBytes } = server.stats();
  expect(dropped).toBeGreaterThan(32);
  expect(unsentBytes).toBeLessThanOrEqual(16 * MEGABYTE);
  client.terminate();
});
