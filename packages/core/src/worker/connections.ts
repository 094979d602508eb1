import { setTimeout as sleep } from "node:timers/promises";
import { CallAbortedError, CallTimeoutError, ConnectionLostError, connect, type RpcClient } from "@dimos/rpc";
import { coreErrors } from "../revive-errors.ts";
import { withDeadline } from "./deadline.ts";
import { LENT } from "./lent-call.ts";
import { type BegunCall, DEFAULT_CALL_TIMEOUT_MS } from "./local-call.ts";

const PENDING_POLL_MS = 10;

/**
 * The call never left this process: it has not begun. For `callOnceBegun` alone, which throws its `cause` to others: what
 * a method throws in turn must not be taken for it.
 */
export class NotSent extends Error {
  declare readonly cause: ConnectionLostError;

  constructor(cause: ConnectionLostError) {
    super(cause.message, { cause });
  }
}

/** Rpc connections by endpoint, opened at the first call and shared by all later ones. */
export class Connections implements AsyncDisposable {
  readonly #clients = new Map<string, Promise<RpcClient>>();

  /**
   * The deadlines include connecting, since a stalled worker does not even accept.
   *
   * @param lentBy lease of the skill that calls, which lends what it holds
   */
  async call(
    endpoint: string | Promise<string>,
    method: string,
    args: readonly unknown[],
    options: BegunCall = {},
    lentBy?: string,
  ): Promise<unknown> {
    const beganMs = performance.now();
    const client = await this.#reach(endpoint, method, options);
    const given = { ...options, waitedMs: (options.waitedMs ?? 0) + performance.now() - beganMs };
    const { pending } = client;
    const answer =
      lentBy === undefined
        ? client.call(method, args, given)
        : client.call(LENT, [lentBy, method, args], { ...given, as: method });
    // A call waits for its answer from before it is sent.
    if (client.pending > pending) return answer;
    return answer.catch((error: unknown) => {
      throw error instanceof ConnectionLostError ? new NotSent(error) : error;
    });
  }

  /** Leaves every server but these, each once what is pending there has settled. */
  keep(endpoints: ReadonlySet<string | undefined>): void {
    for (const endpoint of this.#clients.keys()) if (!endpoints.has(endpoint)) void this.leave(endpoint);
  }

  /** Nothing is called there any more: closes the connection once what is pending has settled. */
  async leave(endpoint: string): Promise<void> {
    const client = await this.#forget(endpoint);
    while (client !== undefined && client.state === "open" && client.pending > 0) await sleep(PENDING_POLL_MS);
    await client?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients.keys()].map(async (endpoint) => (await this.#forget(endpoint))?.close()));
  }

  #forget(endpoint: string): Promise<RpcClient | undefined> {
    const client = this.#clients.get(endpoint);
    this.#clients.delete(endpoint);
    return client?.catch(() => undefined) ?? Promise.resolve(undefined);
  }

  async #reach(endpoint: string | Promise<string>, method: string, options: BegunCall): Promise<RpcClient> {
    const { idleTimeoutMs = DEFAULT_CALL_TIMEOUT_MS, timeoutMs = idleTimeoutMs, waitedMs = 0, signal } = options;
    const client = Promise.resolve(endpoint).then((known) => this.#client(known));
    try {
      return await withDeadline(
        client,
        { timeoutMs: Math.max(1, timeoutMs - waitedMs), signal },
        () => new CallTimeoutError(method, timeoutMs),
      );
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) throw new CallAbortedError(method, error);
      throw error instanceof ConnectionLostError ? new NotSent(error) : error;
    }
  }

  #client(endpoint: string): Promise<RpcClient> {
    let client = this.#clients.get(endpoint);
    if (client === undefined) {
      client = connect(endpoint, { errors: coreErrors() });
      this.#clients.set(endpoint, client);
      const forget = () => {
        if (this.#clients.get(endpoint) === client) this.#clients.delete(endpoint);
      };
      // A connection that ended, or never came to be, is made anew by the next call.
      client.then((open) => open.onStateChange((state) => state === "closed" && forget()), forget);
    }
    return client;
  }
}
