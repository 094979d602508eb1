import type { RpcMethods } from "@dimos/rpc";
import { WorkerExitedError, WorkerTimeoutError } from "../errors.ts";
import type { ModuleClass } from "../module/module.ts";
import { NOT_HELD } from "../safety/hold.ts";
import { withDeadline } from "./deadline.ts";
import type { WorkerHost } from "./host.ts";
import type { WorkerAnswers, WorkerRequest } from "./messages.ts";
import type { RequestOptions, Worker, WorkerExit } from "./worker.ts";

/** A worker without a process: modules run where the coordinator runs. */
export class InProcessWorker implements Worker {
  readonly name: string;
  readonly pid = process.pid;
  readonly silentMs = 0;
  readonly heard = 0;
  readonly isAtModuleLife = false;
  readonly isDebugged = false;
  readonly rssBytes = 0;
  readonly hold = NOT_HELD;
  readonly heardStop = undefined;
  readonly exited: Promise<WorkerExit>;
  readonly #host: WorkerHost;
  readonly #exit: (exit: WorkerExit) => void;
  #stop: Promise<void> | undefined;

  constructor(host: WorkerHost) {
    this.name = host.name;
    this.#host = host;
    const { promise, resolve } = Promise.withResolvers<WorkerExit>();
    this.exited = promise;
    this.#exit = resolve;
  }

  get memoryFaults() {
    return this.#host.memoryFaults;
  }

  /** The methods of the modules here, for calls that need no socket. */
  get methods(): RpcMethods {
    return this.#host.methods;
  }

  /** A class that this process has already: its file is not imported again, which for the program's own would never end. */
  provide(moduleClass: ModuleClass): void {
    this.#host.provide(moduleClass);
  }

  async request<R extends WorkerRequest>(request: R, options: RequestOptions): Promise<WorkerAnswers[R["type"]]> {
    if (this.#stop !== undefined) throw new WorkerExitedError(this.name, "has been stopped");
    const late = () => new WorkerTimeoutError(this.name, request.type, options.timeoutMs);
    return withDeadline(this.#host.handle(request), options, late);
  }

  /** Where the coordinator does not run, the worker does not either. */
  beat(): void {}

  stop(timeoutMs: number): Promise<void> {
    this.#stop ??= this.#end(timeoutMs);
    return this.#stop;
  }

  /** Nothing can be killed without ending this process: what still runs is left to itself. */
  async kill(): Promise<void> {
    this.#stop ??= Promise.resolve();
    this.#exit({ code: 1, signal: null });
  }

  async #end(timeoutMs: number): Promise<void> {
    try {
      const late = () => new WorkerTimeoutError(this.name, "Shutdown", timeoutMs);
      await withDeadline(this.#host[Symbol.asyncDispose](), { timeoutMs }, late);
    } finally {
      this.#exit({ code: 0, signal: null });
    }
  }
}
