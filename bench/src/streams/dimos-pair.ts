import { autoconnect, type GlobalConfigInput, ModuleCoordinator, type Transport } from "@dimos/core";
import type { Collected } from "./collector.ts";
import { Sink, Source } from "./modules.ts";
import type { Pair } from "./pair.ts";
import type { Payload } from "./payload.ts";
import type { Sent } from "./send.ts";

const QUIET: GlobalConfigInput = { consoleLevel: "silent", logLevel: "error" };
/** A slow machine may take its time. */
const CALL_TIMEOUT_MS = 60_000;

/** A run of dimos: one module that publishes, and so many that subscribe, each on a worker of its own. */
export interface DimosRun extends AsyncDisposable {
  /** Its stream as something to be measured, copied out or on loan. */
  pair(options: { readonly loan: boolean }): Pair;
  /** A call to the first subscriber. */
  echo(value: unknown): Promise<unknown>;
  flood(payload: Payload, durationMs: number): Promise<Sent>;
  pace(payload: Payload, count: number, intervalMs: number): Promise<Sent>;
}

export async function startDimosRun(subscriberCount: number, transport: Transport = "auto"): Promise<DimosRun> {
  const sinks = Array.from({ length: subscriberCount }, (_, index) =>
    Sink.blueprint().namespace(`s${index}`, { expose: ["frames"] }),
  );
  const blueprint = autoconnect(Source.blueprint(), ...sinks);
  const system = await ModuleCoordinator.build(blueprint, { globals: { ...QUIET, transport } });
  const names = sinks.map((_, index) => `s${index}/Sink`);
  const call = <T>(module: string, method: string, ...args: readonly unknown[]) =>
    system.call(module, method, args, { timeoutMs: CALL_TIMEOUT_MS }) as Promise<T>;
  const each = <T>(method: string, ...args: readonly unknown[]) =>
    Promise.all(names.map((name) => call<T>(name, method, ...args)));
  const flood = (payload: Payload, durationMs: number) => call<Sent>("Source", "flood", payload, durationMs);
  const pace = (payload: Payload, count: number, intervalMs: number) =>
    call<Sent>("Source", "pace", payload, count, intervalMs);
  return {
    pair: ({ loan }) => ({
      begin: async () => {
        await each("listen", loan);
        await call("Source", "subscribers", subscriberCount);
        await each("begin");
      },
      flood,
      pace,
      finish: (count) => each<Collected>("finish", count),
      // The run belongs to whoever started it.
      [Symbol.asyncDispose]: async () => undefined,
    }),
    echo: (value) => call(names[0] as string, "echo", value),
    flood,
    pace,
    [Symbol.asyncDispose]: () => system.stop(),
  };
}
