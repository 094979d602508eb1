import { expect, it } from "vitest";
import { ServerProcess } from "../test/server-process.ts";
import { StressTest } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

it("says that it has left the run, or that the connection is lost, and never that no modules are running (A3)", async () => {
  await using server = await ServerProcess.start();
  await using app = await Dimos.connect();
  const left = await Dimos.connect();
  await left.stop();
  for (const ask of [() => left.health(), () => left.estop(), async () => left.skills])
    await expect(ask()).rejects.toThrow(`has disconnected from run ${server.runId}, which may go on without it`);

  const { skills } = app;
  const handle = app.getModule(StressTest);
  const lost = new Promise((resolve) => app.on("stopped", resolve));
  server.kill();
  await lost;

  const isLost = { code: "CONNECTION_LOST", message: expect.stringMatching(/was lost: .*"dimos estop" on its host/) };
  const ways: readonly (() => Promise<unknown>)[] = [
    () => app.peekStream("tick"),
    () => app.subscribe("tick", () => {}),
    () => app.publish("tick", {}),
    () => app.call("StressTest.ping"),
    () => app.restart("StressTest"),
    () => app.unload("StressTest"),
    () => app.health(),
    () => app.metrics(),
    () => app.listTopics(),
    () => app.resetEstop(),
    () => skills.ping(),
    () => app.skills.ping(),
    () => app.modules.StressTest.ping(),
    () => handle.ping(),
    () => app.run("stress-test"),
  ];
  for (const ask of ways) await expect(ask()).rejects.toMatchObject(isLost);
  // This run has no actuators, so nobody is left who could confirm it.
  await expect(app.estop()).rejects.toMatchObject({
    code: "ESTOP_UNDELIVERED",
    message: expect.stringMatching(/not delivered: .*was lost: .*by hand/),
  });
  await app.stop();
  await expect(app.estop()).rejects.toMatchObject({ code: "ESTOP_UNDELIVERED" });
});
