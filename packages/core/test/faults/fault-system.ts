import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { autoconnect, type Blueprint, type ModuleCoordinator } from "../../src/index.ts";
import { EditedFiles } from "../edited-file.ts";
import { run } from "../run.ts";
import { Alone, Asker, Auditor, LatestWatcher, Plain, Scribe, Ticker, Watcher } from "./fault-modules.ts";

const FAULT_MODULES = new URL("./fault-modules.ts", import.meta.url).href;
const RECOVERY_TIMEOUT_MS = 20_000;
const WATCHERS = ["Watcher", "LatestWatcher"];

/** The system that faults are done to, and what must be true of it after each. */
export class FaultSystem {
  readonly system: ModuleCoordinator;
  readonly blueprints: Readonly<Record<string, Blueprint>>;
  readonly #files: EditedFiles;
  /** What `Edited.version` must answer. */
  version = 1;
  #audited = 0;

  private constructor(system: ModuleCoordinator, blueprints: Record<string, Blueprint>, files: EditedFiles) {
    this.system = system;
    this.blueprints = blueprints;
    this.#files = files;
  }

  static async start(): Promise<FaultSystem> {
    const files = new EditedFiles();
    files.write("edited.ts", editedText(1));
    const Edited = await files.importClass("edited.ts", "Edited");
    const blueprints = {
      Ticker: Ticker.blueprint(),
      Watcher: Watcher.blueprint(),
      LatestWatcher: LatestWatcher.blueprint().qos([[LatestWatcher, "tick", { keep: "latest" }]]),
      Asker: Asker.blueprint(),
      Plain: Plain.blueprint(),
      Alone: Alone.blueprint(),
      Edited: Edited.blueprint(),
    };
    const survivors = [Scribe.blueprint(), Auditor.blueprint()];
    const blueprint = autoconnect(...Object.values(blueprints), ...survivors);
    const system = await run(blueprint, { nWorkers: 3, stopTimeoutMs: 4000 });
    return new FaultSystem(system, blueprints, files);
  }

  /** Modules that faults are done to. */
  get instances(): readonly string[] {
    return Object.keys(this.blueprints);
  }

  pidOf(instance: string): number {
    return this.system.listModules().find((module) => module.instance === instance)?.pid ?? 0;
  }

  edit(text: string): void {
    this.#files.write("edited.ts", text);
  }

  /** Resolves when all is well, with the milliseconds it took; rejects with what is not when that takes too long. */
  async settled(timeoutMs: number = RECOVERY_TIMEOUT_MS): Promise<number> {
    const startedMs = performance.now();
    for (;;) {
      const problems = await this.#problems();
      const tookMs = performance.now() - startedMs;
      if (problems.length === 0) return tookMs;
      if (tookMs > timeoutMs) throw new Error(`The system did not recover: ${problems.join("; ")}`);
      await sleep(20);
    }
  }

  async #problems(): Promise<string[]> {
    const problems: string[] = [];
    const modules = this.system.listModules();
    const missing = this.instances.filter((instance) => !modules.some((module) => module.instance === instance));
    problems.push(...missing.map((instance) => `${instance} is missing`));
    for (const { instance, state } of modules) if (state !== "running") problems.push(`${instance} is ${state}`);
    if (problems.length > 0) return problems;
    await Promise.all([
      ...this.instances.map((instance) => this.#ask(instance, "slow", ["settled"], problems)),
      this.#ask("Asker", "relay", ["settled"], problems),
      ...WATCHERS.map((watcher) => this.#checkStream(watcher, problems)),
      this.#audit(problems),
    ]);
    const version = await this.#ask("Edited", "version", [], problems);
    if (version !== this.version) problems.push(`Edited is version ${version} instead of ${this.version}`);
    return [...problems, ...this.#leftovers()];
  }

  /** Messages flow, and none was older than the one before. */
  async #checkStream(watcher: string, problems: string[]): Promise<void> {
    type Report = { received: number; outOfOrder: string[] } | undefined;
    const before = (await this.#ask(watcher, "report", [], problems)) as Report;
    await sleep(60);
    const after = (await this.#ask(watcher, "report", [], problems)) as Report;
    if (after === undefined || before === undefined) return;
    if (after.received <= before.received) problems.push(`${watcher} receives nothing`);
    if (after.outOfOrder.length > 0) throw new Error(`${watcher} received ${after.outOfOrder.join(", ")}`);
  }

  /** What flows between modules that nothing was done to is complete: each number once, in order (F4). */
  async #audit(problems: string[]): Promise<void> {
    type Audit = { received: number; wrong: string[] } | undefined;
    const audit = (await this.#ask("Auditor", "audit", [], problems)) as Audit;
    if (audit === undefined) return;
    if (audit.wrong.length > 0) throw new Error(`Auditor received ${audit.wrong.slice(0, 5).join(", ")}`);
    if (audit.received <= this.#audited) problems.push("Auditor receives nothing");
    else this.#audited = audit.received;
  }

  async #ask(instance: string, method: string, args: unknown[], problems: string[]): Promise<unknown> {
    return this.system.call(instance, method, args, { timeoutMs: 1000 }).catch((error: unknown) => {
      problems.push(`${instance}.${method}: ${String(error)}`);
    });
  }

  /** Child processes and sockets that belong to no worker. */
  #leftovers(): string[] {
    const modules = this.system.listModules();
    const pids = new Set(modules.map(({ pid }) => pid));
    const names = new Set(modules.map(({ worker }) => worker));
    const directory = dirname(this.system.endpoint.slice("unix:".length));
    const sockets = readdirSync(directory).filter(
      (name) => name !== "control" && !names.has(name.replace(/\.\w+$/, "")),
    );
    const processes = workerProcesses().filter((pid) => !pids.has(pid));
    return [
      ...sockets.map((name) => `socket ${name} was left behind`),
      ...processes.map((pid) => `process ${pid} was left behind`),
    ];
  }
}

/** The file of the module that is edited; `body` is what an edit adds. */
export function editedText(version: number, body = ""): string {
  return `
import { Module, rpc } from CORE;
import { Target } from ${JSON.stringify(FAULT_MODULES)};
export class Edited extends Module({ source: import.meta.url }, Target) {
  version = rpc(async () => ${version});
  ${body}
}`;
}

function workerProcesses(): number[] {
  return readdirSync("/proc/self/task")
    .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "" && isWorker(pid))
    .map(Number);
}

function isWorker(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("worker/main");
  } catch {
    return false;
  }
}
