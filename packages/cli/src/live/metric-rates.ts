import type { WorkerMetrics } from "@dimos/core/runs";

/** How much one module does, per second; undefined at its first reading. */
export interface ModuleRates {
  readonly instance: string;
  readonly callsPerSecond: number | undefined;
  readonly publishedPerSecond: number | undefined;
  readonly deliveredPerSecond: number | undefined;
  readonly droppedPerSecond: number | undefined;
}

interface Counts {
  readonly atMs: number;
  readonly calls: number;
  readonly published: number;
  readonly delivered: number;
  readonly dropped: number;
}

/** Rates out of what workers count: the difference of two readings. */
export class MetricRates {
  readonly #before = new Map<string, Counts>();

  /** @param instances the modules of the worker, also those that count nothing */
  of(instances: readonly string[], metrics: WorkerMetrics | undefined): readonly ModuleRates[] {
    return instances.map((instance) => {
      const now = metrics === undefined ? undefined : countsOf(instance, metrics);
      const before = this.#before.get(instance);
      if (now !== undefined) this.#before.set(instance, now);
      const rate = (of: (counts: Counts) => number): number | undefined => {
        if (now === undefined || before === undefined || now.atMs <= before.atMs) return undefined;
        // A module that was restarted meanwhile counts from zero again.
        const more = of(now) - of(before);
        return more < 0 ? undefined : (more * 1000) / (now.atMs - before.atMs);
      };
      return {
        instance,
        callsPerSecond: rate(({ calls }) => calls),
        publishedPerSecond: rate(({ published }) => published),
        deliveredPerSecond: rate(({ delivered }) => delivered),
        droppedPerSecond: rate(({ dropped }) => dropped),
      };
    });
  }
}

function countsOf(instance: string, { atMs, methods, ports }: WorkerMetrics): Counts {
  const own = ports.filter((port) => port.instance === instance);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    atMs,
    calls: sum(methods.filter((method) => method.instance === instance).map(({ calls }) => calls)),
    published: sum(own.map(({ published }) => published)),
    delivered: sum(own.filter(({ direction }) => direction === "in").map(({ delivered }) => delivered)),
    dropped: sum(own.map(({ dropped }) => dropped.overrun + dropped.age + dropped.rate + dropped.invalid)),
  };
}
