import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { Count } from "../../test/messages.ts";
import { SteadyClock } from "../clock.ts";
import { GlobalConfigSchema } from "../config/global-config.ts";
import type { Logger } from "../log/logger.ts";
import type { RunLog } from "../log/run-log.ts";
import { rpc } from "../module/methods.ts";
import { Module, type ModuleClass } from "../module/module.ts";
import { shapeOf } from "../module/shape.ts";
import { RunSafety } from "../safety/run-safety.ts";
import type { StandardSchema } from "../schema.ts";
import { WorkerHost } from "./host.ts";

const stopped: string[] = [];

class Motor extends Module({ source: import.meta.url, actuator: true }) {
  override async stop() {
    await sleep(20);
    stopped.push("Motor");
  }
}

class Camera extends Module({ source: import.meta.url }) {
  override async stop() {
    stopped.push("Camera");
  }
}

/** What its config is checked with settles when a test lets it. */
let checked = Promise.withResolvers<{ value: unknown }>();

class Slow extends Module({
  source: import.meta.url,
  config: { "~standard": { version: 1, vendor: "test", validate: () => checked.promise } } as StandardSchema,
  outputs: { count: Count },
}) {
  echo = rpc(async () => "here");
  override async stop() {
    stopped.push("Slow");
  }
}

function newHost() {
  const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
  const options = {
    name: "worker-1",
    coordinatorPid: process.pid,
    clockBaseMs: 0,
    runId: "test",
    socketDirectory: process.env.XDG_RUNTIME_DIR as string,
    logDirectory: process.env.XDG_RUNTIME_DIR as string,
    logLevel: "info",
    consoleLevel: "silent",
    validate: false,
    debugCalls: false,
    settings: GlobalConfigSchema.parse({}),
  } as const;
  return new WorkerHost(options, quiet as RunLog, new SteadyClock(0), new RunSafety().leasesOf("worker-1"));
}

function deploy(host: WorkerHost, moduleClass: ModuleClass, isReplacement = false): Promise<unknown> {
  host.provide(moduleClass);
  const { className, source } = shapeOf(moduleClass);
  const module = { instance: className, namespace: "", source, className, config: {} };
  return host.handle({ type: "DeployModule", ...module, isReplacement });
}

it("halts actuators before it stops anything else", async () => {
  stopped.length = 0;
  const host = newHost();
  for (const moduleClass of [Motor, Camera]) await deploy(host, moduleClass);
  await host[Symbol.asyncDispose]();
  expect(stopped).toEqual(["Motor", "Camera"]);
});

it("keeps no ghost of a module that was undeployed while it was constructed, and takes the one that comes after it (E1, D2)", async () => {
  stopped.length = 0;
  await using host = newHost();
  const pending = deploy(host, Slow);
  const rejected = expect(pending).rejects.toMatchObject({ code: "NO_SUCH_MODULE" });
  await host.handle({ type: "UndeployModule", instance: "Slow" });
  checked.resolve({ value: {} });
  await rejected;
  expect(stopped).toEqual(["Slow"]);
  expect([...host.methods.keys()].filter((name) => name.startsWith("Slow."))).toEqual([]);
  expect(await host.handle({ type: "ReadMetrics" })).toMatchObject({ methods: [], ports: [] });

  checked = Promise.withResolvers();
  const forgotten = deploy(host, Slow).catch((error: { code: string }) => error.code);
  const wanted = deploy(host, Slow);
  checked.resolve({ value: {} });
  expect(await forgotten).toBe("NO_SUCH_MODULE");
  await wanted;
  expect(host.methods.has("Slow.echo")).toBe(true);
  expect(stopped).toEqual(["Slow", "Slow"]);
});

it("refuses calls of a module whose place another one takes, until that one has started here, and of one that left as gone", async () => {
  await using host = newHost();
  const context = { signal: new AbortController().signal, progress() {}, askCaller: () => () => {}, clientId: "test" };
  const echo = () => host.methods.get("Slow.echo")?.([], context);
  checked = Promise.withResolvers();
  checked.resolve({ value: {} });
  await deploy(host, Slow);
  expect(await echo()).toBe("here");
  await host.handle({ type: "StopModule", instance: "Slow", isReplaced: true });
  expect(echo).toThrow("Slow is being restarted");
  await host.handle({ type: "UndeployModule", instance: "Slow", isReplaced: true });
  expect(echo).toThrow("Slow is being restarted");
  await deploy(host, Slow, true);
  expect(echo).toThrow("Slow is being restarted");
  await host.handle({ type: "StartModule", instance: "Slow" });
  expect(await echo()).toBe("here");
  await host.handle({ type: "UndeployModule", instance: "Slow" });
  expect(echo).toThrow("Slow is not running any more");
});
