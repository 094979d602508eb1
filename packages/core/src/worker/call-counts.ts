import type { RpcHandler } from "@dimos/rpc";
import type { MethodMetrics } from "./metrics.ts";

interface Count {
  calls: number;
  failed: number;
  active: number;
}

/** Counts the calls of each method of the modules on a worker. */
export class CallCounts {
  readonly #counts = new Map<string, Map<string, Count>>();

  /** From here on the methods of this instance are counted, from zero. */
  watch(instance: string, methods: Map<string, RpcHandler>): void {
    const counts = new Map<string, Count>();
    this.#counts.set(instance, counts);
    for (const [name, handler] of methods) {
      const dot = name.lastIndexOf(".");
      if (name.slice(0, dot) !== instance) continue;
      const count: Count = { calls: 0, failed: 0, active: 0 };
      counts.set(name.slice(dot + 1), count);
      methods.set(name, counted(handler, count));
    }
  }

  forget(instance: string): void {
    this.#counts.delete(instance);
  }

  read(): MethodMetrics[] {
    return [...this.#counts].flatMap(([instance, counts]) =>
      [...counts].map(([method, count]) => ({ instance, method, ...count })),
    );
  }
}

function counted(handler: RpcHandler, count: Count): RpcHandler {
  const fail = () => {
    count.active--;
    count.failed++;
  };
  return (args, context) => {
    count.calls++;
    count.active++;
    try {
      const result = handler(args, context);
      Promise.resolve(result).then(() => count.active--, fail);
      return result;
    } catch (error) {
      fail();
      throw error;
    }
  };
}
