import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isRunAlive, processesOf, type RunEntry, RunRegistry } from "@dimos/core/runs";
import { Dimos } from "@dimos/porcelain";
import { simulatorSocket } from "../../src/connection/remote-go2.ts";
import { monotonicMs } from "./monotonic.ts";
import { Truth } from "./truth.ts";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const DIMOS = fileURLToPath(new URL("../../../../packages/cli/bin/dimos.js", import.meta.url));
const TOKEN = "a-token-of-this-suite-alone";

/** The two ends of the corridor of the office: straight, and free. */
const ENDS = [
  { x: 2, y: 5.2 },
  { x: 13, y: 5.2 },
] as const;
/** Nearer to the end than this the robot would arrive before it was stopped. Metres. */
const ROOM_M = 4;
/** How long a run may take to be as it was. */
const READY_MS = 40_000;
/** Of one module, in a run. */
const RESTARTS = 5;
/** A worker for each module. */
const WORKERS = "10";

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A walk that the suite itself asked for. */
export interface Walk {
  /** Resolves to how it ended. */
  readonly end: Promise<{ readonly status: string; readonly error?: string }>;
  abort(): void;
}

/** A robot in a run of its own, started by `dimos run --daemon`, with a client, and a recorder of what it truly does. */
export class Robot implements AsyncDisposable {
  readonly app: Dimos;
  readonly run: RunEntry;
  truth: Truth;
  readonly #children = new Set<ChildProcess>();
  readonly #stopped = new Set<number>();
  #goal: Place = ENDS[1];

  private constructor(app: Dimos, run: RunEntry, truth: Truth) {
    this.app = app;
    this.run = run;
    this.truth = truth;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<Robot> {
    const name = `ground-truth-${process.pid}`;
    const args = ["run", "unitree-go2-agentic", "--daemon", "--name", name, "--n-workers", WORKERS, "--mcp-port", "0"];
    await dimos([...args, "--listen", "ws://127.0.0.1:0", "--go2-connection.camera-hz", "0"], {
      DIMOS_TOKEN: TOKEN,
      ...env,
    });
    const run = registry()
      .alive()
      .findLast((entry) => entry.name === name);
    if (run === undefined) throw new Error("The run has ended already");
    const app = await Dimos.connect({ run: run.runId });
    return new Robot(app, run, await openTruth(run));
  }

  /** Where the robot is sent next: on, or back when the end is near. */
  get goal(): Place {
    const { x } = this.truth.position;
    if (Math.abs(x - this.#goal.x) < ROOM_M) this.#goal = ENDS[this.#goal === ENDS[0] ? 1 : 0];
    return this.#goal;
  }

  /** The suite itself sends the robot, and waits until it walks. */
  async walk(): Promise<Walk> {
    this.truth.begin();
    const abort = new AbortController();
    const end = this.app.skills.navigateTo(this.goal, { signal: abort.signal }) as Walk["end"];
    end.catch(() => {});
    await this.truth.walks(end);
    return { end, abort: () => abort.abort(new Error("enough")) };
  }

  /** A program of its own that sends the robot, once it walks. */
  async caller(endpoint = this.run.endpoint): Promise<ChildProcess> {
    const { goal } = this;
    this.truth.begin();
    const going = this.going([goal], endpoint);
    await this.truth.walks(once(going, "message").then(([answer]) => answer));
    return going;
  }

  /** A program of its own that sends the robot to a place; with several, from one to the other for as long as it lives. */
  going(places: readonly Place[], endpoint = this.run.endpoint): ChildProcess {
    return this.program("going", [endpoint, TOKEN, ...places.map(({ x, y }) => `${x},${y}`)]);
  }

  /** A program of `test/programs`. It is ended with the trial. */
  program(name: string, args: readonly string[]): ChildProcess {
    const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
    const child = fork(file, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    return child;
  }

  /** Of the worker that hosts a module. */
  pidOf(instance: string): number {
    const module = this.app.listModules().find((status) => status.instance === instance);
    if (module?.pid === undefined) throw new Error(`${instance} is not running`);
    return module.pid;
  }

  /** A module that ends once more might not be started again: trials take 2 s, and five times within 10 s are allowed. */
  get isWorn(): boolean {
    return this.app.listModules().some(({ restarts }) => restarts >= RESTARTS);
  }

  /**
   * Lets something happen to a robot that walks. Returns the moment before it, on the monotonic clock, milliseconds.
   */
  happens(what: () => void): number {
    if (!this.truth.isWalking) throw new Error("The robot does not walk any more");
    const atMs = monotonicMs();
    what();
    return atMs;
  }

  kill(pid: number): void {
    process.kill(pid, "SIGKILL");
  }

  stop(pid: number): void {
    process.kill(pid, "SIGSTOP");
    this.#stopped.add(pid);
  }

  /** Lets a process that was stopped go on, if it was not killed meanwhile. Returns when. */
  goOn(pid: number): number {
    const atMs = monotonicMs();
    this.#stopped.delete(pid);
    try {
      process.kill(pid, "SIGCONT");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    return atMs;
  }

  /** Ends what a trial has left, and waits until the robot is ready for the next: as it was, and standing. */
  async ready(): Promise<void> {
    for (const pid of this.#stopped) this.goOn(pid);
    await this.#endChildren();
    const deadlineMs = monotonicMs() + READY_MS;
    for (let why = ""; ; await sleep(50)) {
      if (monotonicMs() > deadlineMs) throw new Error(`The run is not ready for another trial: ${why}`);
      why = (await this.#whyNotReady()) ?? "";
      if (why === "") break;
    }
    if (this.truth.isOpen) return;
    await this.truth[Symbol.asyncDispose]();
    this.truth = await openTruth(this.run);
  }

  /** Resolves when no process of the run exists. */
  async ended(): Promise<void> {
    const deadlineMs = monotonicMs() + READY_MS;
    while (processesOf(this.run).length > 0) {
      if (monotonicMs() > deadlineMs) throw new Error(`Processes of the run are left: ${this.#left()}`);
      await sleep(20);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#stopped) this.goOn(pid);
    await this.#endChildren();
    await this.app.disconnect();
    if (isRunAlive(this.run)) await dimos(["stop", this.run.runId, "--force"]);
    await this.ended();
    await this.truth[Symbol.asyncDispose]();
  }

  async #endChildren(): Promise<void> {
    for (const child of this.#children) {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    }
  }

  async #whyNotReady(): Promise<string | undefined> {
    const { modules, workers, capabilities, estop } = await this.app.health();
    const module = modules.find(({ state }) => state !== "running");
    if (module !== undefined) return `${module.instance} is ${module.state}`;
    if (workers.some(({ state, hold }) => state !== "responsive" || hold.held)) return "a worker does not answer";
    if (estop.latched) await this.app.resetEstop();
    if (capabilities.length > 0) return `${capabilities[0]?.skill} holds ${capabilities[0]?.capability}`;
    return undefined;
  }

  #left(): string {
    return processesOf(this.run)
      .map(({ pid }) => `${pid} ${readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")}`)
      .join("; ");
  }
}

function registry(): RunRegistry {
  return new RunRegistry(process.env.DIMOS_STATE_DIR as string);
}

function openTruth({ endpoint }: RunEntry): Promise<Truth> {
  return Truth.open(simulatorSocket(dirname(endpoint.slice("unix:".length)), "Go2Connection"));
}

/** The command as it is built. */
async function dimos(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  const command = spawn(process.execPath, [DIMOS, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  command.stderr.on("data", (chunk) => {
    told += chunk;
  });
  const [code] = await once(command, "close");
  if (code !== 0) throw new Error(`dimos ${args[0]} failed (${code}):\n${told}`);
}
