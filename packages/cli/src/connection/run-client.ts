import type { Directory, EstopReport, RunEntry, RunHealth, RunMetrics, TopicStatus } from "@dimos/core/runs";
import { connect, type RpcClient } from "@dimos/rpc";

/** A run that does not answer within this time is busy, or hangs. */
const ANSWER_TIMEOUT_MS = 2_000;
/** The run itself waits a moment for its workers. */
const ESTOP_TIMEOUT_MS = 5_000;

/** The control endpoint of a run, for what needs no modules. */
export class RunClient implements AsyncDisposable {
  readonly #rpc: RpcClient;

  private constructor(rpc: RpcClient) {
    this.#rpc = rpc;
  }

  static async connect({ endpoint }: RunEntry, signal?: AbortSignal): Promise<RunClient> {
    const aborted = signal === undefined ? {} : { signal };
    return new RunClient(await connect(endpoint, { connectTimeoutMs: ANSWER_TIMEOUT_MS, ...aborted }));
  }

  async directory(): Promise<Directory> {
    return (await this.#rpc.call("directory", [], { timeoutMs: ANSWER_TIMEOUT_MS })) as Directory;
  }

  /** Calls a method of a module, over the coordinator. */
  async call(instance: string, method: string, args: readonly unknown[]): Promise<unknown> {
    return this.#rpc.call("call", [instance, method, args], { timeoutMs: ANSWER_TIMEOUT_MS });
  }

  /** Reads a deep path of a module, over the coordinator. */
  async read(instance: string, path: readonly string[]): Promise<unknown> {
    return this.call(instance, "$read", [path]);
  }

  async health(): Promise<RunHealth> {
    return (await this.#rpc.call("health", [], { timeoutMs: ANSWER_TIMEOUT_MS })) as RunHealth;
  }

  async metrics(): Promise<RunMetrics> {
    return (await this.#rpc.call("metrics", [], { timeoutMs: ANSWER_TIMEOUT_MS })) as RunMetrics;
  }

  async listTopics(): Promise<readonly TopicStatus[]> {
    return (await this.#rpc.call("listTopics", [], { timeoutMs: ANSWER_TIMEOUT_MS })) as readonly TopicStatus[];
  }

  async estop(reason: string, signal: AbortSignal): Promise<EstopReport> {
    return (await this.#rpc.call("estop", [reason], { timeoutMs: ESTOP_TIMEOUT_MS, signal })) as EstopReport;
  }

  async resetEstop(): Promise<EstopReport> {
    return (await this.#rpc.call("resetEstop", [], { timeoutMs: ESTOP_TIMEOUT_MS })) as EstopReport;
  }

  /** Asks the run to end, and returns when it has heard that. */
  async stop(): Promise<void> {
    await this.#rpc.call("stop", [], { timeoutMs: ANSWER_TIMEOUT_MS });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rpc.close();
  }
}
