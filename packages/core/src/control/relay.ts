import type { RpcHandler } from "@dimos/rpc";
import { TooManySubscriptionsError } from "../errors.ts";
import type { Logger } from "../log/logger.ts";
import type { RunCallOptions } from "../module/module-run.ts";
import type { Qos } from "../qos.ts";
import type { StreamReader } from "../stream/stream-reader.ts";
import { logSilence } from "../worker/silent-caller.ts";
import { CONTROL, type RelayedMessage } from "./protocol.ts";

/** Streams that one client reads at a time: all clients share the coordinator's connections to the publishers. */
export const MAX_RELAYED_STREAMS = 256;

/** Calls a method of a module where it runs. */
export type CallModule = (
  instance: string,
  method: string,
  args: readonly unknown[],
  options: RunCallOptions,
) => Promise<unknown>;

/** Calls and streams for clients that cannot reach the workers' own sockets: those that came over TCP. */
export function relayMethods(call: CallModule, streams: StreamReader, log: Logger): [string, RpcHandler][] {
  /** By client, while it reads any. */
  const readings = new Map<string, number>();
  return [
    [
      CONTROL.call,
      ([instance, method, args], { signal, progress, askCaller, timeoutMs, idleTimeoutMs }) => {
        const onAsking = () => {
          logSilence(signal, `${instance}.${method}`, log);
          return askCaller();
        };
        return call(instance as string, method as string, args as readonly unknown[], {
          signal,
          onProgress: progress,
          onAsking,
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
          ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
        });
      },
    ],
    [
      CONTROL.readStream,
      async ([stream, qos], { signal, progress, clientId }) => {
        const send = (relayed: RelayedMessage) => progress(relayed);
        const count = readings.get(clientId) ?? 0;
        if (count >= MAX_RELAYED_STREAMS) throw new TooManySubscriptionsError(String(stream), MAX_RELAYED_STREAMS);
        readings.set(clientId, count + 1);
        try {
          const leave = await streams.subscribe(stream as string, (message) => send({ message }), qos as Partial<Qos>);
          if (leave === undefined) return false;
          send({ begun: true });
          // The caller may have left while the publishers were looked up.
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
          leave();
          return true;
        } finally {
          const others = (readings.get(clientId) as number) - 1;
          if (others > 0) readings.set(clientId, others);
          else readings.delete(clientId);
        }
      },
    ],
  ];
}
