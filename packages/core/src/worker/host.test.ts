import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { WallClock } from "../clock.ts";
import { GlobalConfigSchema } from "../config/global-config.ts";
import type { Logger } from "../log/logger.ts";
import type { RunLog } from "../log/run-log.ts";
import { Module } from "../module/module.ts";
import { shapeOf } from "../module/shape.ts";
import { RunSafety } from "../safety/run-safety.ts";
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

it("halts actuators before it stops anything else", async () => {
  const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
  const options = {
    name: "worker-1",
    coordinatorPid: process.pid,
    runId: "test",
    socketDirectory: process.env.XDG_RUNTIME_DIR as string,
    logDirectory: process.env.XDG_RUNTIME_DIR as string,
    logLevel: "info",
    consoleLevel: "silent",
    validate: false,
    debugCalls: false,
    settings: GlobalConfigSchema.parse({}),
  } as const;
  const host = new WorkerHost(options, quiet as RunLog, new WallClock(), new RunSafety().leasesOf("worker-1"));
  for (const moduleClass of [Motor, Camera]) {
    host.provide(moduleClass);
    const { className, source } = shapeOf(moduleClass);
    await host.handle({ type: "DeployModule", instance: className, namespace: "", source, className, config: {} });
  }
  await host[Symbol.asyncDispose]();
  expect(stopped).toEqual(["Motor", "Camera"]);
});
