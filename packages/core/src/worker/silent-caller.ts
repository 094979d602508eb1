import { CallerSilentError } from "@dimos/rpc";
import type { Logger } from "../log/logger.ts";

/** Logs that a call has ended because its caller gave no sign of life. */
export function logSilence(signal: AbortSignal, method: string, log: Logger): void {
  const say = () => {
    if (signal.reason instanceof CallerSilentError) log.warn(`${method}: ${signal.reason.message}`);
  };
  signal.addEventListener("abort", say, { once: true });
}
