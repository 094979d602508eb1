import { MAX_TIMER_MS } from "@dimos/rpc";
import type { RequestOptions } from "./worker.ts";

/** Settles with `work`, at the latest at the deadline or on abort. What `work` does after that is nobody's business. */
export function withDeadline<T>(work: Promise<T>, options: RequestOptions, late: () => Error): Promise<T> {
  const { timeoutMs, signal } = options;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const onAbort = () => settle(() => reject(signal?.reason));
    const timer = setTimeout(() => settle(() => reject(late())), Math.min(timeoutMs, MAX_TIMER_MS));
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
  });
}
