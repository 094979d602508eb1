import { join } from "node:path";
import { expect, it } from "vitest";
import { socketDirectory } from "../../test/socket-directory.ts";
import { StreamHub } from "../stream/hub.ts";
import { StreamReader } from "../stream/stream-reader.ts";
import { CONTROL } from "./protocol.ts";
import { MAX_RELAYED_STREAMS, relayMethods } from "./relay.ts";

const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };

it("a client that reads more streams than one may is refused with a code, and no other client is", async () => {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await socketDirectory());
  const publisher = resources.use(new StreamHub(log));
  const path = await publisher.listen(join(directory.path, "data"));
  const source = { topic: "/odom", messageName: "Any", qos: { keep: "latest" }, publishers: [path] } as const;
  const streams = resources.use(new StreamReader({ streamSource: async () => source, onChange: () => () => {}, log }));
  const readStream = new Map(relayMethods(async () => undefined, streams, log)).get(CONTROL.readStream);
  const read = async (clientId: string) => {
    const begun = Promise.withResolvers<void>();
    const over = new AbortController();
    const reading = Promise.resolve(
      readStream?.(["/odom", {}], {
        signal: over.signal,
        progress: () => begun.resolve(),
        askCaller: () => () => {},
        clientId,
      }),
    );
    await Promise.race([begun.promise, reading]);
    return { over, reading };
  };
  const readings = await Promise.all(Array.from({ length: MAX_RELAYED_STREAMS }, () => read("one")));
  await expect(read("one")).rejects.toMatchObject({ code: "TOO_MANY_SUBSCRIPTIONS" });
  readings.push(await read("another"));
  readings[0]?.over.abort();
  expect(await readings[0]?.reading).toBe(true);
  readings.push(await read("one"));
  for (const { over } of readings) over.abort();
  await Promise.all(readings.map(({ reading }) => reading));
});
