import { didYouMean, NoSuchMethodError, type RpcHandler } from "@dimos/rpc";
import type { WorkerSafety } from "./worker-safety.ts";

/** Calls another method of the same worker for a skill that lends it what it holds: `[lease, name, args]`. */
export const LENT = "$lent";

export function exposeLent(methods: Map<string, RpcHandler>, safety: WorkerSafety): void {
  methods.set(LENT, ([lease, method, args], context) => {
    const name = String(method);
    const handler = methods.get(name);
    if (handler === undefined)
      throw new NoSuchMethodError(`No method named "${name}".${didYouMean(name, methods.keys())}`, name);
    return safety.runLent(String(lease), () => handler(args as readonly unknown[], context));
  });
}
