import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { RunRegistry, stateDirectory } from "@dimos/core";
import { describe, expect, it } from "vitest";
import { Mapper } from "../test/mapper.ts";
import { ServerProcess } from "../test/server-process.ts";
import { Blocker, BreaksInStart, StressTest, Twin } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

describe("Dimos.connect", () => {
  it("says that nobody is there (A15)", async () => {
    await expect(Dimos.connect()).rejects.toThrow("No running dimos found. Start one with: dimos run <blueprint>");
  });

  it("adds modules by class and by file, which both sides see, and leaves the run alive (A15)", async () => {
    await using server = await ServerProcess.start();
    await using first = await Dimos.connect();
    await using second = await Dimos.connect({ run: server.runId });
    expect((await first.run(Twin)).modules).toEqual(["Twin"]);
    await expect.poll(() => second.listModules().map(({ instance }) => instance)).toEqual(["StressTest", "Twin"]);
    await expect(first.run(BreaksInStart)).rejects.toThrow("BreaksInStart failed to start: no gripper");
    await expect(first.run("no-such-thing")).rejects.toThrow('Unknown blueprint or module: "no-such-thing"');
    expect(first.disconnect()).toBeInstanceOf(Promise);
    await first.stop();
    expect(first.state).toBe("stopped");
    expect(await second.skills.echo({ message: "still here" })).toBe("still here");
  });

  it("refuses to choose between two runs, and reaches the one that is named (A16)", async () => {
    await using one = await ServerProcess.start("alpha");
    await using two = await ServerProcess.start("beta");
    await expect(Dimos.connect()).rejects.toThrow(
      `Several runs are alive; say which one: ${one.runId} (alpha), ${two.runId} (beta)`,
    );
    await using app = await Dimos.connect({ run: "beta" });
    expect(app.runId).toBe(two.runId);
    await expect(Dimos.connect({ run: "gamma" })).rejects.toThrow('No run "gamma" is alive.');
  });

  it("rejects every pending call at once when the server dies, and every later one (A17)", async () => {
    await using server = await ServerProcess.start();
    await using app = await Dimos.connect();
    const ended = new Promise((resolve) => app.on("stopped", resolve));
    await app.skills.ping();
    const pending = Array.from({ length: 20 }, () => app.skills.slow({ seconds: 30 }));
    const settled = Promise.allSettled(pending);
    server.kill();
    const codes = (await settled).map((result) => (result.status === "rejected" ? result.reason.code : "answered"));
    expect(new Set(codes)).toEqual(new Set(["CONNECTION_LOST"]));
    await ended;
    expect(app.state).toBe("stopped");
    await expect(app.skills.ping()).rejects.toMatchObject({ code: "CONNECTION_LOST" });
  });

  it("peeks no longer than it is told to, also at a publisher that stands still (A10)", async () => {
    await using _server = await ServerProcess.start();
    await using app = await Dimos.connect();
    await app.run(Blocker);
    await app.Blocker.block(0);
    const blocked = app.Blocker.block(1500);
    let isBlocked = true;
    void blocked.then(() => {
      isBlocked = false;
    });
    expect(await app.peekStream("tick", { timeoutMs: 50 })).toBeNull();
    expect(isBlocked).toBe(true);
    await blocked;
    const tick = app.peekStream("tick", { timeoutMs: 5000 });
    await expect
      .poll(async () => {
        await app.StressTest.emit(3);
        return Promise.race([tick, undefined]);
      })
      .toEqual({ value: 3 });
  });

  it("says of a run that has ended under it that no modules are running (A3)", async () => {
    const server = await ServerProcess.start();
    await using app = await Dimos.connect();
    const { skills } = app;
    const ended = new Promise((resolve) => app.on("stopped", resolve));
    await server[Symbol.asyncDispose]();
    await ended;
    expect(() => app.getModule("StressTest")).toThrow("No modules are running");
    await expect(skills.ping()).rejects.toThrow("No modules are running");
  });

  it("serves a program that knows nothing of the module, by name and with its signatures (A18)", async () => {
    await using _server = await ServerProcess.start();
    const program = fileURLToPath(new URL("../test/programs/stranger.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=@dimos/source", program]);
    expect(stdout).toBe(
      "add(a, b) emit(value) fail() echo({ message: string }) ping() slow({ seconds?: number }) info()\nby name 5\n",
    );
  });

  it("finds no run whose process died without a word", async () => {
    await using server = await ServerProcess.start();
    server.kill();
    await server[Symbol.asyncDispose]();
    await expect.poll(() => new RunRegistry(stateDirectory(process.env)).alive()).toEqual([]);
    await expect(Dimos.connect()).rejects.toThrow("No running dimos found.");
  });
});

describe("A run that serves over TCP", () => {
  const token = "a token of many letters";

  async function serving() {
    const app = new Dimos({ consoleLevel: "silent", nWorkers: 1, listen: "ws://127.0.0.1:0", token });
    await app.run([StressTest, Blocker, Mapper], { name: "tcp" });
    const endpoint = new RunRegistry(stateDirectory(process.env)).alive()[0]?.tcpEndpoint as string;
    return { endpoint, [Symbol.asyncDispose]: () => app.stop() };
  }

  it("relays calls, deep reads and streams to those with the token (A16, A19)", async () => {
    await using server = await serving();
    const { endpoint } = server;
    await using client = await Dimos.connect({ endpoint, token });
    const progress: unknown[] = [];
    expect(await client.skills.slow({ seconds: 0 }, { onProgress: (value: unknown) => progress.push(value) })).toBe(0);
    expect(progress).toEqual([{ left: 0 }, { left: 0 }]);
    expect(await client.StressTest._deep._answer).toBe(42);
    await expect(client.StressTest.fail()).rejects.toMatchObject({ name: "RangeError" });
    const seen: unknown[] = [];
    const unsubscribe = await client.subscribe("tick", (message) => seen.push(message));
    await client.StressTest.emit(5);
    await expect.poll(() => seen).toEqual([{ value: 5 }]);
    unsubscribe();
    const taken: unknown[] = [];
    const all: unknown[] = [];
    const mayGo = Promise.withResolvers<void>();
    const take = (message: unknown) => {
      taken.push(message);
      return mayGo.promise;
    };
    const leave = await client.subscribe("tick", take, { keep: "latest" });
    await client.subscribe("tick", (message) => all.push(message));
    for (const value of [6, 7, 8]) await client.StressTest.emit(value);
    await expect.poll(() => all).toEqual([{ value: 6 }, { value: 7 }, { value: 8 }]);
    expect(taken).toEqual([{ value: 6 }]);
    mayGo.resolve();
    await expect.poll(() => taken).toEqual([{ value: 6 }, { value: 8 }]);
    leave();
    for (const cells of [1, 21, 41]) {
      await client.Mapper.draw(cells);
      expect(await client.peekStream("drawing", { timeoutMs: 5000 })).toEqual({ cells });
    }
    await expect(client.subscribe("tock", () => {})).rejects.toThrow('No running module exposes a stream named "tock"');
    await client.restart("StressTest", { reloadSource: false });
    expect(await client.skills.ping()).toBe("pong");
    await expect(client.run(Twin)).rejects.toThrow(
      "Over TCP only names that the run's own project knows can be loaded",
    );
  });

  it("subscribes only when the publisher knows of it, however busy that is (A10)", async () => {
    await using server = await serving();
    await using client = await Dimos.connect({ endpoint: server.endpoint, token });
    await client.StressTest.emit(0);
    for (let value = 1; value <= 3; value++) {
      const seen: unknown[] = [];
      const blocked = client.Blocker.block(200);
      const unsubscribe = await client.subscribe("tick", (message) => seen.push(message));
      await client.StressTest.emit(value);
      await expect.poll(() => seen).toEqual([{ value }]);
      unsubscribe();
      await blocked;
    }
  });

  it("lets those with the callToken call methods and skills, and do nothing else (B6)", async () => {
    const callToken = "a token of fewer rights";
    await using app = new Dimos({ consoleLevel: "silent", nWorkers: 1, listen: "ws://127.0.0.1:0", token, callToken });
    await app.run(StressTest, { name: "tcp" });
    const { tcpEndpoint } = new RunRegistry(stateDirectory(process.env)).alive()[0] as { tcpEndpoint: string };
    await using client = await Dimos.connect({ endpoint: tcpEndpoint, token: callToken });
    expect(await client.skills.ping()).toBe("pong");
    expect(await client.StressTest.add(1, 2)).toBe(3);
    await expect(async () => await client.StressTest._deep._answer).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    await expect(client.subscribe("tick", () => {})).rejects.toThrow('No method named "streamSource"');
    await expect(client.restart("StressTest")).rejects.toThrow('No method named "restart"');
    await expect(client.run("StressTest")).rejects.toThrow('No method named "load"');
    expect(() => new Dimos({ listen: "ws://127.0.0.1:0", token, callToken: token })).toThrow("must be another one");
  });

  it("refuses a missing and a wrong token before any method runs, and has no token in its file (A16)", async () => {
    await using server = await serving();
    const { endpoint } = server;
    await expect(Dimos.connect({ endpoint })).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    await expect(Dimos.connect({ endpoint, token: "another token" })).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    expect(JSON.stringify(new RunRegistry(stateDirectory(process.env)).list())).not.toContain(token);
    expect(() => new Dimos({ listen: "ws://127.0.0.1:0" })).toThrow("Serving over TCP needs both");
    expect(() => new Dimos({ token })).toThrow("Serving over TCP needs both");
  });
});

describe("A run's own file", () => {
  it("is there while it runs and after, with how it ended", async () => {
    const registry = () =>
      new RunRegistry(stateDirectory(process.env)).list().entries.find((entry) => entry.name === "filed");
    await using app = new Dimos({ consoleLevel: "silent", nWorkers: 0 });
    await app.run(Twin, { name: "filed", blueprints: ["twin", "arm"] });
    expect(registry()).toMatchObject({
      state: "running",
      pid: process.pid,
      blueprints: ["twin", "arm"],
      endpoint: expect.stringMatching(/^unix:/),
    });
    await app.stop();
    expect(registry()).toMatchObject({ state: "stopped", exit: { reason: "asked to" } });
  });
});
