import type { RpcHandler } from "@dimos/rpc";
import type { Logger } from "../log/logger.ts";
import type { RunCallOptions } from "../module/module-run.ts";
import type { Qos } from "../qos.ts";
import type { StreamReader } from "../stream/stream-reader.ts";
import { logSilence } from "../worker/silent-caller.ts";
import { CONTROL, type RelayedMessage } from "./protocol.ts";

/** Calls a method of a module where it runs. */
export type CallModule = (
  instance: string,
  method: string,
  args: readonly unknown[],
  options: RunCallOptions,
) => Promise<unknown>;

/** Calls and streams for clients that cannot reach the workers' own sockets: those that came over TCP. */
export function relayMethods(call: CallModule, streams: StreamReader, log: Logger): [string, RpcHandler][] {
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
      async ([stream, qos], { signal, progress }) => {
        const send = (relayed: RelayedMessage) => progress(relayed);
        const leave = await streams.subscribe(stream as string, (message) => send({ message }), qos as Partial<Qos>);
        if (leave === undefined) return false;
        send({ begun: true });
        // The caller may have left while the publishers were looked up.
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
        leave();
        return true;
      },
    ],
  ];
}
