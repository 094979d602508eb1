import { rmSync } from "node:fs";
import type { Clock } from "../clock.ts";
import type { RunLog } from "../log/run-log.ts";
import { Reaper } from "../reaper.ts";
import type { RunSafety } from "../safety/run-safety.ts";
import { WorkerHost } from "../worker/host.ts";
import { InProcessWorker } from "../worker/in-process-worker.ts";
import type { SafetyReport, WorkerOptions } from "../worker/messages.ts";
import { socketPaths } from "../worker/socket-paths.ts";
import type { Worker, WorkerExit } from "../worker/worker.ts";
import { WorkerProcess } from "../worker/worker-process.ts";
import { type Placement, type PlacementRequest, placeModules, type WorkerLoad } from "./placement.ts";
import { UNRESPONSIVE_MS } from "./watch-workers.ts";

const REQUEST_TIMEOUT_MS = 30_000;
/** Workers that lost their coordinator have this long to halt what moves. */
const ORPHAN_PATIENCE_MS = 800;
/** The worker inside the coordinator's own process. */
export const LOCAL_WORKER = "coordinator";

interface PooledWorker {
  readonly worker: Worker;
  readonly dedicated: boolean;
  /** Instances it hosts, with the group of each. */
  readonly modules: Map<string, string | undefined>;
  rpc?: Promise<string>;
  data?: Promise<string>;
}

export interface PoolOptions extends Omit<WorkerOptions, "name"> {
  readonly nWorkers: number;
}

/** Starts, counts and stops the workers of one coordinator. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #log: RunLog;
  readonly #clock: Clock;
  readonly #onExit: (worker: Worker, exit: WorkerExit) => void;
  readonly #safety: RunSafety;
  readonly #onReport: (worker: Worker, report: SafetyReport) => void;
  readonly #workers = new Map<string, PooledWorker>();
  #nextNumber = 1;
  #reaper: Reaper | undefined;

  constructor(
    options: PoolOptions,
    log: RunLog,
    onExit: (worker: Worker, exit: WorkerExit) => void,
    clock: Clock,
    safety: RunSafety,
    onReport: (worker: Worker, report: SafetyReport) => void,
  ) {
    this.#onReport = onReport;
    this.#safety = safety;
    this.#options = options;
    this.#log = log;
    this.#onExit = onExit;
    this.#clock = clock;
  }

  /** The oldest first, whichever was ready first. */
  get workers(): readonly Worker[] {
    const workers = [...this.#workers.values()].map(({ worker }) => worker);
    return workers.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  }

  get(name: string): Worker | undefined {
    return this.#workers.get(name)?.worker;
  }

  /** Chooses workers. Loads come one after the other, so nobody else chooses the same free place before `add`. */
  reserve(requests: readonly (PlacementRequest & { readonly local: boolean })[]): Placement {
    const isLocal = (request: { readonly local: boolean }) => this.#options.nWorkers === 0 || request.local;
    const remote = requests.filter((request) => !isLocal(request));
    const placement = placeModules(remote, this.#loads(), this.#options.nWorkers, () => this.newWorkerName());
    const local = requests.filter(isLocal).map(({ instance }) => [instance, LOCAL_WORKER] as const);
    const needsLocal = local.length > 0 && !this.#workers.has(LOCAL_WORKER);
    return {
      workers: new Map([...placement.workers, ...local]),
      added: [...placement.added, ...(needsLocal ? [LOCAL_WORKER] : [])],
    };
  }

  /** Starts one worker; `dedicated` ones are never given a second module. */
  async start(name: string, dedicated: boolean, signal: AbortSignal): Promise<Worker> {
    const options: WorkerOptions = { ...this.#options, name };
    const { runId, socketDirectory } = this.#options;
    if (name !== LOCAL_WORKER)
      this.#reaper ??= new Reaper(`DIMOS_RUN_ID=${runId}`, ORPHAN_PATIENCE_MS, socketDirectory);
    const worker =
      name === LOCAL_WORKER
        ? new InProcessWorker(new WorkerHost(options, this.#log, this.#clock, this.#safety.leasesOf(name)))
        : await WorkerProcess.start(options, this.#log, this.#safety.capabilities, this.#onReport, signal);
    this.#workers.set(name, { worker, dedicated, modules: new Map() });
    void worker.exited.then((exit) => {
      this.#workers.delete(name);
      // One that was killed leaves its sockets; whoever still tries them is refused at once.
      for (const path of Object.values(socketPaths(options.socketDirectory, name))) rmSync(path, { force: true });
      this.#onExit(worker, exit);
    });
    const { estop } = this.#safety;
    if (estop.latched)
      await worker.request({ type: "Estop", estop, heard: undefined }, { timeoutMs: REQUEST_TIMEOUT_MS, signal });
    return worker;
  }

  /** A module comes to a worker. */
  add(name: string, instance: string, group: string | undefined): void {
    this.#workers.get(name)?.modules.set(instance, group);
  }

  /** A module leaves its worker. */
  remove(name: string, instance: string): void {
    this.#workers.get(name)?.modules.delete(instance);
  }

  isEmpty(name: string): boolean {
    return this.#workers.get(name)?.modules.size === 0;
  }

  newWorkerName(): string {
    return `worker-${this.#nextNumber++}`;
  }

  /** Endpoint of a worker's rpc server, which starts when it is first asked for. */
  rpcEndpoint(name: string): Promise<string> {
    const pooled = this.#pooled(name);
    if (pooled.rpc === undefined) {
      pooled.rpc = pooled.worker.request({ type: "StartRpc" }, { timeoutMs: REQUEST_TIMEOUT_MS });
      pooled.rpc.catch(() => delete pooled.rpc);
    }
    return pooled.rpc;
  }

  /** Whether somebody may be connected to a worker's rpc server. */
  hasRpc(name: string): boolean {
    return this.#workers.get(name)?.rpc !== undefined;
  }

  /** Where a worker's data socket is, or will be. */
  dataPath(name: string): string {
    return socketPaths(this.#options.socketDirectory, name).data;
  }

  /** Path of a worker's data socket, which opens when another worker first subscribes. */
  dataSocket(name: string): Promise<string> {
    const pooled = this.#pooled(name);
    if (pooled.data === undefined) {
      pooled.data = pooled.worker.request({ type: "StartData" }, { timeoutMs: REQUEST_TIMEOUT_MS });
      pooled.data.catch(() => delete pooled.data);
    }
    return pooled.data;
  }

  /** Ends workers, all at once, each within `timeoutMs`. */
  async stop(names: readonly string[], timeoutMs: number): Promise<void> {
    await Promise.all(names.map((name) => this.#workers.get(name)?.worker.stop(timeoutMs)));
  }

  /** No process of the run survives this. */
  async close(): Promise<void> {
    await this.#reaper?.reap();
  }

  async kill(name: string, why?: string): Promise<void> {
    await this.#workers.get(name)?.worker.kill(why);
  }

  /** Nothing new comes to a worker that does not respond. */
  #loads(): WorkerLoad[] {
    return this.workers
      .filter(({ name, silentMs }) => name !== LOCAL_WORKER && silentMs < UNRESPONSIVE_MS)
      .map(({ name }) => {
        const { modules, dedicated } = this.#pooled(name);
        const groups = [...modules.values()].filter((group) => group !== undefined);
        return { name, modules: modules.size, dedicated, groups };
      });
  }

  #pooled(name: string): PooledWorker {
    const pooled = this.#workers.get(name);
    if (pooled === undefined) throw new Error(`Worker ${name} is not running`);
    return pooled;
  }
}
