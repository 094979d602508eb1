import { CallAbortedError, CallTimeoutError } from "@dimos/rpc";
import { NotSent } from "./connections.ts";
import { withDeadline } from "./deadline.ts";
import { type BegunCall, DEFAULT_CALL_TIMEOUT_MS } from "./local-call.ts";

/**
 * Makes a call, and makes it again as long as it has provably not begun: then `whenElsewhere` tells where it may be tried
 * next. A call that may have begun is never repeated: a robot must not move twice. All attempts and waits together have
 * the deadline and the signal of the call.
 *
 * @param whenElsewhere false: the error is the call's; otherwise settles when to try again, and rejects when in vain
 */
export async function callOnceBegun(
  name: string,
  options: BegunCall,
  attempt: (options: BegunCall) => Promise<unknown>,
  whenElsewhere: (error: unknown) => Promise<unknown> | false,
): Promise<unknown> {
  const { idleTimeoutMs = DEFAULT_CALL_TIMEOUT_MS, timeoutMs = idleTimeoutMs, waitedMs = 0, signal } = options;
  const beganMs = performance.now() - waitedMs;
  const late = () => new CallTimeoutError(name, timeoutMs);
  for (let left = options; ; left = { ...options, waitedMs: performance.now() - beganMs }) {
    try {
      return await attempt(left);
    } catch (error) {
      const elsewhere = whenElsewhere(error);
      if (elsewhere === false) throw error instanceof NotSent ? error.cause : error;
      const leftMs = Math.max(1, timeoutMs - (performance.now() - beganMs));
      try {
        await withDeadline(elsewhere, { timeoutMs: leftMs, signal }, late);
      } catch (reason) {
        throw signal?.aborted === true && reason === signal.reason ? new CallAbortedError(name, reason) : reason;
      }
    }
  }
}
