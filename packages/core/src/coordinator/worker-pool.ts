import { rmSync } from "node:fs";
import type { Clock } from "../clock.ts";
import type { RunLog } from "../log/run-log.ts";
import { Reaper } from "../reaper.ts";
import type { RunSafety } from "../safety/run-safety.ts";
import type { SourceFile } from "../source-files.ts";
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

/** A module as its worker's place knows it. */
export interface PlacedInstance {
  readonly instance: string;
  readonly group?: string | undefined;
  readonly isEdited?: boolean;
}

/** A worker, from the time when its first module is meant for it. */
interface Place {
  /** Undefined until it has started. */
  worker: Worker | undefined;
  started?: Promise<Worker>;
  /** Nothing comes to it any more. */
  isEnding: boolean;
  readonly dedicated: boolean;
  /** What it hosts, and what is on its way there, by instance name. */
  readonly modules: Map<string, PlacedInstance>;
  /** Hashes of the files it has imported, by path: the first version counts. */
  readonly files: Map<string, string>;
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
  readonly #places = new Map<string, Place>();
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
    const workers = [...this.#places.values()].flatMap(({ worker }) => worker ?? []);
    return workers.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  }

  get(name: string): Worker | undefined {
    return this.#places.get(name)?.worker;
  }

  /** Chooses workers, and keeps the places there. Those that are `added` have to be started; their places go when that fails. */
  reserve(requests: readonly (PlacementRequest & { readonly local: boolean })[]): Placement {
    const isLocal = (request: { readonly local: boolean }) => this.#options.nWorkers === 0 || request.local;
    const remote = requests.filter((request) => !isLocal(request));
    const placement = placeModules(remote, this.#loads(), this.#options.nWorkers, () => this.#newName());
    const local = requests.filter(isLocal).map(({ instance }) => [instance, LOCAL_WORKER] as const);
    const needsLocal = local.length > 0 && !this.#places.has(LOCAL_WORKER);
    const workers = new Map([...placement.workers, ...local]);
    const added = [...placement.added, ...(needsLocal ? [LOCAL_WORKER] : [])];
    for (const request of requests) {
      const name = workers.get(request.instance) as string;
      if (!this.#places.has(name)) this.#open(name, request.dedicated);
      this.add(name, request);
    }
    return { workers, added };
  }

  /** A place for one module on a worker of its own, which has to be started; `dedicated` ones are never given a second. */
  reserveFresh(module: PlacedInstance, dedicated: boolean): string {
    const name = this.#newName();
    this.#open(name, dedicated);
    this.add(name, module);
    return name;
  }

  /** Resolves when a worker that has a place runs: whoever asks first starts it, and ends that with the signal. */
  start(name: string, signal: AbortSignal): Promise<Worker> {
    const place = this.#place(name);
    place.started ??= this.#start(name, place, signal);
    return place.started;
  }

  async #start(name: string, place: Place, signal: AbortSignal): Promise<Worker> {
    const options: WorkerOptions = { ...this.#options, name };
    const { runId, socketDirectory } = this.#options;
    if (name !== LOCAL_WORKER)
      this.#reaper ??= new Reaper(`DIMOS_RUN_ID=${runId}`, ORPHAN_PATIENCE_MS, socketDirectory);
    let worker: Worker;
    try {
      worker =
        name === LOCAL_WORKER
          ? new InProcessWorker(new WorkerHost(options, this.#log, this.#clock, this.#safety.leasesOf(name)))
          : await WorkerProcess.start(options, this.#log, this.#safety.capabilities, this.#onReport, signal);
    } catch (error) {
      this.#places.delete(name);
      throw error;
    }
    place.worker = worker;
    void worker.exited.then((exit) => {
      this.#places.delete(name);
      // One that was killed leaves its sockets; whoever still tries them is refused at once.
      for (const path of Object.values(socketPaths(options.socketDirectory, name))) rmSync(path, { force: true });
      this.#onExit(worker, exit);
    });
    const { estop } = this.#safety;
    if (!estop.latched) return worker;
    try {
      await worker.request({ type: "Estop", estop, heard: undefined }, { timeoutMs: REQUEST_TIMEOUT_MS, signal });
      return worker;
    } catch (error) {
      // It must not get modules, and nobody else knows of it.
      await worker.kill();
      throw error;
    }
  }

  /** A module comes to a worker. */
  add(name: string, { instance, group, isEdited }: PlacedInstance): void {
    this.#places.get(name)?.modules.set(instance, { instance, group, isEdited: isEdited === true });
  }

  /** A module leaves its worker. */
  remove(name: string, instance: string): void {
    this.#places.get(name)?.modules.delete(instance);
  }

  /** A worker has imported these files. */
  learn(name: string, sources: readonly SourceFile[]): void {
    const files = this.#places.get(name)?.files;
    for (const { path, hash } of sources) if (files?.has(path) === false) files.set(path, hash);
  }

  /** A worker has imported another version of one of these files: they were edited since the run began. */
  hasOther(sources: readonly SourceFile[]): boolean {
    const places = [...this.#places.values()];
    return sources.some(({ path, hash }) => places.some(({ files }) => (files.get(path) ?? hash) !== hash));
  }

  isEmpty(name: string): boolean {
    return this.#places.get(name)?.modules.size === 0;
  }

  /** Endpoint of a worker's rpc server, which starts when it is first asked for. */
  rpcEndpoint(name: string): Promise<string> {
    const place = this.#place(name);
    if (place.rpc === undefined) {
      place.rpc = startedIn(place, name).request({ type: "StartRpc" }, { timeoutMs: REQUEST_TIMEOUT_MS });
      place.rpc.catch(() => delete place.rpc);
    }
    return place.rpc;
  }

  /** Whether somebody may be connected to a worker's rpc server. */
  hasRpc(name: string): boolean {
    return this.#places.get(name)?.rpc !== undefined;
  }

  /** Where a worker's data socket is, or will be. */
  dataPath(name: string): string {
    return socketPaths(this.#options.socketDirectory, name).data;
  }

  /** Path of a worker's data socket, which opens when another worker first subscribes. */
  dataSocket(name: string): Promise<string> {
    const place = this.#place(name);
    if (place.data === undefined) {
      place.data = startedIn(place, name).request({ type: "StartData" }, { timeoutMs: REQUEST_TIMEOUT_MS });
      place.data.catch(() => delete place.data);
    }
    return place.data;
  }

  /** A worker is about to end: it gets no more modules, and another one may be started for it. */
  close(name: string): void {
    const place = this.#places.get(name);
    if (place !== undefined) place.isEnding = true;
  }

  /** Ends workers, all at once, each within `timeoutMs`. */
  async stop(names: readonly string[], timeoutMs: number): Promise<void> {
    for (const name of names) this.close(name);
    await Promise.all(names.map((name) => this.get(name)?.stop(timeoutMs)));
  }

  /** No process of the run survives this. */
  async endAll(): Promise<void> {
    await this.#reaper?.reap();
  }

  async kill(name: string, why?: string): Promise<void> {
    await this.get(name)?.kill(why);
  }

  /** The oldest first. */
  #loads(): WorkerLoad[] {
    return [...this.#places]
      .filter(([name, { isEnding }]) => name !== LOCAL_WORKER && !isEnding)
      .map(([name, { worker, modules, dedicated, files }]) => {
        const placed = [...modules.values()];
        const groups = placed.flatMap(({ group }) => group ?? []);
        const isEdited = placed.length > 0 && placed.every((module) => module.isEdited === true);
        const isUnresponsive = (worker?.silentMs ?? 0) >= UNRESPONSIVE_MS;
        return { name, modules: modules.size, dedicated, groups, isEdited, isUnresponsive, files };
      });
  }

  #newName(): string {
    return `worker-${this.#nextNumber++}`;
  }

  #open(name: string, dedicated: boolean): void {
    this.#places.set(name, { worker: undefined, isEnding: false, dedicated, modules: new Map(), files: new Map() });
  }

  #place(name: string): Place {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`Worker ${name} is not running`);
    return place;
  }
}

function startedIn({ worker }: Place, name: string): Worker {
  if (worker === undefined) throw new Error(`Worker ${name} has not started`);
  return worker;
}
