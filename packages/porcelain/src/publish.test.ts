import { RunRegistry, stateDirectory } from "@dimos/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Listener } from "../test/listener.ts";
import { MODES, openApp } from "../test/modes.ts";
import { Twin } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

describe.each(MODES)("publish from outside, %s", (mode) => {
  let app: Awaited<ReturnType<typeof openApp>>["app"];
  let close: () => Promise<unknown>;

  beforeEach(async () => {
    ({ app, close } = await openApp(mode));
  });

  afterEach(() => close());

  it("reaches modules and readers with the first message, also one that is loaded and restarted later", async () => {
    const seen: unknown[] = [];
    await app.subscribe("tick", (message) => seen.push(message));
    expect(await app.publish("tick", { value: 1 })).toEqual({
      topic: "/tick",
      messageName: "test/Count",
      receivers: [],
      withheld: [],
      estop: { latched: false },
      readers: 1,
      missing: 0,
      isValidated: true,
    });
    await expect.poll(() => seen).toEqual([{ value: 1 }]);
    await app.run(Listener);
    const first = await app.publish("/goal", { x: 1, label: "door" });
    expect(first).toMatchObject({ topic: "/goal", receivers: ["Listener.goal"], readers: 0, missing: 0 });
    await app.publish("Listener.goal", { x: 2, label: "dock" });
    await expect
      .poll(() => app.Listener.goals())
      .toEqual([
        { x: 1, label: "door" },
        { x: 2, label: "dock" },
      ]);
    await app.restart("Listener", { reloadSource: false });
    expect(await app.publish("goal", { x: 3, label: "home" })).toMatchObject({ receivers: ["Listener.goal"] });
    await expect.poll(() => app.Listener.goals()).toEqual([{ x: 3, label: "home" }]);
    expect(await app.listTopics()).toEqual([
      {
        topic: "/goal",
        messageName: "test/Goal",
        publishers: [],
        subscribers: ["Listener.goal"],
        isFromOutside: true,
      },
      {
        topic: "/tick",
        messageName: "test/Count",
        publishers: ["StressTest.tick"],
        subscribers: [],
        isFromOutside: true,
      },
    ]);
    const next = app.peekStream("goal", { timeoutMs: 5000 });
    await expect.poll(async () => (await app.publish("goal", { x: 4, label: "late" })).readers).toBe(1);
    expect(await next).toEqual({ x: 4, label: "late" });
  });

  it("refuses a stream that no module has, with a suggestion, and a message that does not fit", async () => {
    await expect(app.publish("tik", { value: 1 })).rejects.toThrow(
      'No running module exposes a stream named "tik". Running modules: StressTest. Did you mean "/tick"?',
    );
    await expect(app.publish("tick", { value: "one" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: expect.stringContaining("Invalid test/Count published on /tick: value: "),
    });
    await expect(app.publish("tick", { value: 1, valeu: 2 })).rejects.toThrow(
      'Invalid test/Count published on /tick: there is no field "valeu". Did you mean "value"? It takes: value',
    );
  });
});

it("publishes over TCP, with the defaults of the message's schema", async () => {
  const token = "a token of many letters";
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 1, listen: "ws://127.0.0.1:0", token });
  await app.run([Listener, Twin], { name: "tcp-publish" });
  const endpoint = new RunRegistry(stateDirectory(process.env)).alive()[0]?.tcpEndpoint as string;
  await using client = await Dimos.connect({ endpoint, token });
  expect(await client.publish("goal", { x: 1 })).toMatchObject({ receivers: ["Listener.goal"], isValidated: true });
  await expect.poll(() => app.Listener.goals()).toEqual([{ x: 1, label: "unnamed" }]);
});
