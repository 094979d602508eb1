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
import type { CallOptions } from "../module/methods.ts";

export const DEFAULT_CALL_TIMEOUT_MS = 120_000;

/**
 * A call within this process, with the rules of one between processes: values are copied as the codec copies them, the
 * call has a deadline, and aborting it aborts the method's own signal. So a module cannot tell where the other one runs.
 */
export async function callLocal(
  methods: RpcMethods,
  name: string,
  args: readonly unknown[],
  options: CallOptions = {},
): Promise<unknown> {
  const handler = methods.get(name);
  if (handler === undefined)
    throw new NoSuchMethodError(`No method "${name}".${didYouMean(name, methods.keys())}`, name);
  const sent = copy(args, "args") as readonly unknown[];
  const { timeoutMs = DEFAULT_CALL_TIMEOUT_MS, signal, onProgress } = options;
  const timerMs = Math.min(timeoutMs, MAX_TIMER_MS);
  if (signal?.aborted === true) throw new CallAbortedError(name, signal.reason);
  const call = new AbortController();
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const fail = (error: Error) => {
      settle(() => reject(error));
      call.abort(error);
    };
    const onAbort = () => fail(new CallAbortedError(name, signal?.reason));
    const onTimeout = () => fail(new CallTimeoutError(name, timeoutMs));
    let timer = setTimeout(onTimeout, timerMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    const progress = (value: unknown) => {
      if (call.signal.aborted) return;
      clearTimeout(timer);
      timer = setTimeout(onTimeout, timerMs);
      onProgress?.(copy(value, "progress"));
    };
    const context = { signal: call.signal, progress, clientId: "local", timeoutMs };
    new Promise((answer) => answer(handler(sent, context))).then(
      (value) => settle(() => resolveCopied(value, resolve, reject)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
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
