import { CallAbortedError, CallTimeoutError, connect, type RpcClient } from "@dimos/rpc";
import { coreErrors } from "../revive-errors.ts";
import { withDeadline } from "./deadline.ts";
import { LENT } from "./lent-call.ts";
import { type BegunCall, DEFAULT_CALL_TIMEOUT_MS } from "./local-call.ts";

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
    if (lentBy === undefined) return client.call(method, args, given);
    return client.call(LENT, [lentBy, method, args], { ...given, as: method });
  }

  /** The other side is gone for good: what was pending has been rejected by the connection itself. */
  async drop(endpoint: string): Promise<void> {
    const client = this.#clients.get(endpoint);
    this.#clients.delete(endpoint);
    await (await client?.catch(() => undefined))?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients.keys()].map((endpoint) => this.drop(endpoint)));
  }

  async #reach(endpoint: string | Promise<string>, method: string, options: BegunCall): Promise<RpcClient> {
    const { idleTimeoutMs = DEFAULT_CALL_TIMEOUT_MS, timeoutMs = idleTimeoutMs, waitedMs = 0, signal } = options;
    const client = Promise.resolve(endpoint).then((known) => this.#client(known));
    try {
      return await withDeadline(
        client,
        { timeoutMs: timeoutMs - waitedMs, signal },
        () => new CallTimeoutError(method, timeoutMs),
      );
    } catch (error) {
      throw signal?.aborted === true && error === signal.reason ? new CallAbortedError(method, error) : error;
    }
  }

  #client(endpoint: string): Promise<RpcClient> {
    let client = this.#clients.get(endpoint);
    if (client === undefined) {
      client = connect(endpoint, { errors: coreErrors() });
      this.#clients.set(endpoint, client);
      // A connection that ended, or never came to be, is made anew by the next call.
      client.then(
        (open) => open.onStateChange((state) => state === "closed" && this.#clients.delete(endpoint)),
        () => this.#clients.delete(endpoint),
      );
    }
    return client;
  }
}
