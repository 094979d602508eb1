import {
  CallAbortedError,
  CallTimeoutError,
  decode,
  didYouMean,
  encode,
  MAX_TIMER_MS,
  NoSuchMethodError,
  PlainResult,
  type RpcMethods,
} from "@dimos/rpc";
import type { RunCallOptions } from "../module/module-run.ts";

export const DEFAULT_CALL_TIMEOUT_MS = 120_000;

/** A call that has waited for its module before it could be made. */
export interface BegunCall extends RunCallOptions {
  /** The part of its `timeoutMs` that has passed. */
  readonly waitedMs?: number;
}

/**
 * A call within this process, with the rules of one between processes: values are copied as the codec copies them, the
 * call has a deadline, and aborting it aborts the method's own signal. So a module cannot tell where the other one runs.
 */
export async function callLocal(
  methods: RpcMethods,
  name: string,
  args: readonly unknown[],
  options: BegunCall = {},
): Promise<unknown> {
  const handler = methods.get(name);
  if (handler === undefined)
    throw new NoSuchMethodError(`No method "${name}".${didYouMean(name, methods.keys())}`, name);
  const sent = copy(args, "args") as readonly unknown[];
  const { signal, onProgress, onAsking, waitedMs = 0 } = options;
  const { timeoutMs, idleTimeoutMs } = deadlinesOf(options);
  if (signal?.aborted === true) throw new CallAbortedError(name, signal.reason);
  const call = new AbortController();
  return new Promise((resolve, reject) => {
    const asking = new Set<() => void>();
    let isSettled = false;
    const settle = (finish: () => void) => {
      isSettled = true;
      clearTimeout(timer);
      clearTimeout(idleTimer);
      signal?.removeEventListener("abort", onAbort);
      for (const stop of asking) stop();
      finish();
    };
    const fail = (error: Error) => {
      settle(() => reject(error));
      call.abort(error);
    };
    const onAbort = () => fail(new CallAbortedError(name, signal?.reason));
    const expireAfter = (ms: number | undefined, passedMs = 0) =>
      ms === undefined
        ? undefined
        : setTimeout(() => fail(new CallTimeoutError(name, ms)), Math.min(ms - passedMs, MAX_TIMER_MS));
    const timer = expireAfter(timeoutMs, waitedMs);
    let idleTimer = expireAfter(idleTimeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    const progress = (value: unknown) => {
      if (isSettled) return;
      clearTimeout(idleTimer);
      idleTimer = expireAfter(idleTimeoutMs);
      onProgress?.(copy(value, "progress"));
    };
    // The caller is in this process, and lives if this one does; it may call for somebody else.
    const askCaller = () => {
      const stop = isSettled ? undefined : onAsking?.();
      if (stop === undefined) return () => {};
      asking.add(stop);
      return () => void (asking.delete(stop) && stop());
    };
    const deadlines = {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    };
    const context = { signal: call.signal, progress, askCaller, clientId: "local", ...deadlines };
    new Promise((answer) => answer(handler(sent, context))).then(
      (value) => settle(() => resolveCopied(value, resolve, reject)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

/** A caller's own deadline is a bound; without one, progress renews what the method declares. */
function deadlinesOf({
  timeoutMs,
  idleTimeoutMs,
}: RunCallOptions): Pick<RunCallOptions, "timeoutMs" | "idleTimeoutMs"> {
  return timeoutMs === undefined ? { idleTimeoutMs: idleTimeoutMs ?? DEFAULT_CALL_TIMEOUT_MS } : { timeoutMs };
}

function resolveCopied(value: unknown, resolve: (value: unknown) => void, reject: (error: unknown) => void): void {
  try {
    resolve(value instanceof PlainResult ? copy(value.value, value.root, "plain") : copy(value, "result"));
  } catch (error) {
    reject(error);
  }
}

function copy(value: unknown, root: string, classInstances: "refuse" | "plain" = "refuse"): unknown {
  return decode(encode(value, { root, classInstances }));
}
