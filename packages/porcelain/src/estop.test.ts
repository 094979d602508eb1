import { expect, it } from "vitest";
import { openApp } from "../test/modes.ts";
import { NeverStarts, StressTest } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

it.each(["local", "in one process", "connected"] as const)(
  "estop latches until resetEstop, is told to listeners, and shows in health: %s (I5)",
  async (mode) => {
    const { app, close } = await openApp(mode);
    try {
      const events: unknown[] = [];
      app.on("estop", (estop) => events.push(estop.latched));
      expect(await app.estop("test")).toMatchObject({ estop: { latched: true, reason: "test" }, unconfirmed: [] });
      expect((await app.health()).estop).toMatchObject({ latched: true, reason: "test" });
      // What moves nothing goes on.
      expect(await app.skills.ping()).toBe("pong");
      await app.resetEstop();
      expect((await app.health()).estop).toEqual({ latched: false });
      await expect.poll(() => events).toEqual([true, false]);
    } finally {
      await close();
    }
  },
);

it("estop reaches a system whose first load is under way, and has to be told to a system at all (I5)", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 1, stopTimeoutMs: 2000 });
  await expect(app.estop()).rejects.toThrow("No modules are running");
  const starting = Promise.withResolvers<void>();
  const running = app.run([StressTest, NeverStarts], {
    onProgress: ({ phase }) => phase === "build" && starting.resolve(),
  });
  running.catch(() => {});
  await starting.promise;
  expect(await app.estop("while starting")).toMatchObject({ estop: { latched: true, reason: "while starting" } });
});
