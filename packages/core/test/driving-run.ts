import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type HoldEvent, RemoteCoordinator } from "../src/index.ts";

const PROGRAM = fileURLToPath(new URL("./programs/driving.ts", import.meta.url));

/**
 * A run that drives, whose coordinator is a program of its own, which a test may stop, and a client of it that stays
 * connected.
 */
export class DrivingRun implements AsyncDisposable {
  readonly program: ChildProcess;
  readonly client: RemoteCoordinator;

  readonly #socketDirectory: string;

  private constructor(program: ChildProcess, client: RemoteCoordinator, socketDirectory: string) {
    this.#socketDirectory = socketDirectory;
    this.program = program;
    this.client = client;
  }

  static async start(): Promise<DrivingRun> {
    const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
    const program = spawn(process.execPath, ["--conditions=@dimos/source", PROGRAM], { stdio: [...stdio] });
    const [endpoint] = (await once(program, "message")) as [string];
    const client = await RemoteCoordinator.connect(endpoint);
    const driving = new DrivingRun(program, client, dirname(endpoint.slice("unix:".length)));
    // From now on the client knows where the workers are, without the coordinator.
    for (const [instance, method] of [
      ["Motor", "state"],
      ["Walker", "atWork"],
      ["Driver", "drives"],
    ] as const)
      await driving.call(instance, method);
    await driving.call("Driver", "drive");
    while ((await driving.pushes()) < 3) await sleep(20);
    return driving;
  }

  call<T>(instance: string, method: string, args: readonly unknown[] = []): Promise<T> {
    return this.client.call(instance, method, args) as Promise<T>;
  }

  async pushes(): Promise<number> {
    return (await this.call<{ pushes: number }>("Motor", "state")).pushes;
  }

  /** What the motor has heard of holds. */
  heard(): Promise<HoldEvent[]> {
    return this.call("Motor", "heard");
  }

  async isHeld(): Promise<boolean> {
    return (await this.heard()).at(-1)?.phase === "began";
  }

  /** Whether nothing reaches the motor for longer than the driver takes from one command to the next. */
  async standsStill(): Promise<boolean> {
    const before = await this.pushes();
    const end = performance.now() + 300;
    while (performance.now() < end) if ((await this.pushes()) !== before) return false;
    return true;
  }

  /** Begins a skill, and resolves when it holds what it uses, to how it ends. */
  async begin(skill: string, input: object): Promise<{ readonly end: Promise<unknown> }> {
    const holds = Promise.withResolvers<void>();
    const end = this.client.call("Walker", skill, [input], { onProgress: () => holds.resolve() });
    end.catch(() => {});
    await Promise.race([holds.promise, end]);
    return { end };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
    const exited = once(this.program, "exit");
    this.program.kill("SIGCONT");
    this.program.kill("SIGKILL");
    await exited;
    // Its reaper removes them.
    while (existsSync(this.#socketDirectory)) await sleep(20);
  }
}
