import { expect, it } from "vitest";
import { StressTest } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

it("leaves no subscription behind that would cost the robot for ever: of a look at a stream, with or without a message", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 0 });
  await app.run(StressTest);
  const readers = async () => (await app.publish("tick", { value: 1 })).readers;
  const leave = await app.subscribe("tick", () => {});
  await expect.poll(readers).toBe(1);
  leave();
  await expect.poll(readers).toBe(0);
  expect(await app.peekStream("tick", { timeoutMs: 20 })).toBeNull();
  await expect.poll(readers, { timeout: 10_000 }).toBe(0);
  let seen: unknown;
  void app.peekStream("tick", { timeoutMs: 60_000 }).then((message) => {
    seen = message;
  });
  const publish = async () => {
    await readers();
    return seen;
  };
  await expect.poll(publish).toEqual({ value: 1 });
  await expect.poll(readers, { timeout: 10_000 }).toBe(0);
});
