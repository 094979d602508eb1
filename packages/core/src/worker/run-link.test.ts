import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { Aborted, Claims, Overseer } from "../../test/overseer.ts";
import { run } from "../../test/run.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { NoSuchModuleError } from "../errors.ts";

it.each([0, 2])("a module sees the whole run from its start on, with %d workers", async (nWorkers) => {
  await using running = await run(autoconnect(Overseer.blueprint(), StressTest.blueprint()), { nWorkers });
  expect(await running.call("Overseer", "$read", [["atStart"]])).toEqual(["Overseer starting", "StressTest starting"]);
  const last = () => running.call("Overseer", "last", []);
  await expect.poll(last).toEqual(["Overseer running", "StressTest running"]);
  await running.loadBlueprint(Aborted.blueprint());
  await expect.poll(last).toEqual(["Overseer running", "StressTest running", "Aborted running"]);
  await running.restartModule("Aborted", { reloadSource: false });
  await running.unloadModule("StressTest");
  await expect.poll(last).toEqual(["Overseer running", "Aborted running"]);
});

it.each([0, 2])(
  "a module calls any other, with progress, and through its restart, with %d workers",
  async (nWorkers) => {
    await using running = await run(autoconnect(Overseer.blueprint(), StressTest.blueprint()), { nWorkers });
    const ask = (skill: string, input: unknown) =>
      running.call("Overseer", "ask", [{ target: "StressTest", skill, input }]);
    expect(await ask("echo", { message: "hello" })).toBe("hello");
    expect(await ask("slow", { seconds: 0.01 })).toBe(0.01);
    expect(await running.call("Overseer", "$read", [["progress"]])).toEqual([{ left: 0.01 }]);
    await running.restartModule("StressTest", { reloadSource: nWorkers > 0 });
    expect(await ask("ping", {})).toBe("pong");
    await expect(
      running.call("Overseer", "ask", [{ target: "StressTset", skill: "ping", input: {} }]),
    ).rejects.toMatchObject({
      name: NoSuchModuleError.name,
      message: 'No module named "StressTset". Did you mean "StressTest"?',
    });
  },
);

it.each([0, 1])("a module latches the emergency stop of the run, with %d workers", async (nWorkers) => {
  await using running = await run(Overseer.blueprint(), { nWorkers });
  const estop = { latched: true, reason: "a child in the way" };
  expect(await running.call("Overseer", "halt", [])).toMatchObject({ estop, unconfirmed: [] });
  expect(running.estopState).toMatchObject(estop);
});

it("aborts what a module has called when its own caller leaves, and when it stops", async () => {
  await using running = await run(autoconnect(Overseer.blueprint(), Aborted.blueprint()));
  const leave = new AbortController();
  const options = { signal: leave.signal };
  const reason = () => running.call("Aborted", "$read", [["reason"]]);
  const input = { target: "Aborted", skill: "wait", input: {} };
  const waiting = () => expect.poll(() => running.call("Overseer", "$read", [["progress"]])).toEqual(["waiting"]);
  const asked = running.call("Overseer", "ask", [input], options).catch((error: Error) => error.name);
  await waiting();
  leave.abort();
  expect(await asked).toBe("CallAbortedError");
  await expect.poll(reason).toContain("CallAbortedError");
  await running.restartModule("Aborted", { reloadSource: false });
  await running.restartModule("Overseer", { reloadSource: false });
  const left = running.call("Overseer", "ask", [input]).catch((error: Error) => error.name);
  await waiting();
  await running.unloadModule("Overseer");
  await expect.poll(reason).toContain("CallAbortedError");
  expect(await left).toBe("CallAbortedError");
});

it.each([0, 2])(
  "an rpc method hears of the end of its caller, and reports to it, with %d workers",
  async (nWorkers) => {
    await using running = await run(Overseer.blueprint(), { nWorkers });
    const leave = new AbortController();
    const reported = Promise.withResolvers<unknown>();
    const options = { signal: leave.signal, onProgress: reported.resolve };
    const attended = running.call("Overseer", "attend", ["here"], options).catch((error: Error) => error.name);
    expect(await reported.promise).toBe("here");
    leave.abort();
    expect(await attended).toBe("CallAbortedError");
    await expect
      .poll(() => running.call("Overseer", "$read", [["progress"]]))
      .toEqual([expect.stringContaining("CallAbortedError")]);
    expect(await running.call("Overseer", "isAnswering", [])).toBe(true);
  },
);

it("tells modules the settings of the run, but not its tokens", async () => {
  const token = "0123456789abcdef";
  const callToken = "fedcba9876543210";
  await using running = await run(Overseer.blueprint(), {
    mcpPort: 4711,
    listen: "ws://127.0.0.1:0",
    token,
    callToken,
  });
  const settings = await running.call("Overseer", "settings", []);
  expect(settings).toMatchObject({ mcpHost: "127.0.0.1", mcpPort: 4711 });
  expect(JSON.stringify(settings)).not.toMatch(new RegExp(`${token}|${callToken}`));
});

it("names both modules of a load that want one port, before anything is started", async () => {
  const load = (left: number, right: number) =>
    run(
      autoconnect(
        Claims.blueprint({ port: left }).namespace("left"),
        Claims.blueprint({ port: right }).namespace("right"),
        Overseer.blueprint(),
      ),
    );
  await expect(load(7071, 7071)).rejects.toMatchObject({
    code: "INVALID_BLUEPRINT",
    message: "left/Claims and right/Claims both want port 7071. Choose another with --port",
  });
  await using running = await load(0, 0);
  expect(running.listModules()).toHaveLength(3);
});

it("names a port that is taken, before anything is started", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const blueprint = autoconnect(Claims.blueprint({ port }), Overseer.blueprint());
  await expect(run(blueprint)).rejects.toThrow(
    `Claims failed to deploy: Port ${port} of 127.0.0.1 is in use by another program. Choose another with --port`,
  );
  other.close();
  await once(other, "close");
  await using running = await run(blueprint);
  await running.restartModule("Claims");
  expect(running.listModules()[0]).toMatchObject({ instance: "Claims", state: "running", restarts: 1 });
});
