import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { unixEndpoint } from "../../test/endpoints.ts";
import { connect, serve } from "../index.ts";

test("clients of a robot that is off do not keep their machines busy: each attempt waits longer than the one before", async () => {
  const endpoint = unixEndpoint();
  const robot = await serve(new Map(), { endpoint });
  await using client = await connect(endpoint, { reconnect: true });
  await robot.close();
  // Somebody who hangs up at once has its place.
  const attempts = Promise.withResolvers<void>();
  let count = 0;
  const other = createServer((socket) => {
    socket.destroy();
    count += 1;
    if (count === 4) attempts.resolve();
  });
  other.listen(endpoint.slice("unix:".length));
  await once(other, "listening");
  const beganMs = performance.now();
  await attempts.promise;
  // At least half of 100, 200, 400 and 800 ms, of which the first has begun.
  expect(performance.now() - beganMs).toBeGreaterThan(600);
  expect(client.state).toBe("reconnecting");
  await client.close();
  await once(other.close(), "close");
});
