import type { MessagePort, Worker } from "node:worker_threads";
import type { Endpoint } from "comlink";

type Listener = Parameters<Endpoint["addEventListener"]>[1];

/** comlink expects the events of a browser; this is what its own adapter for Node does. */
export function comlinkEndpoint(port: MessagePort | Worker): Endpoint {
  const listeners = new Map<Listener, (data: unknown) => void>();
  return {
    postMessage: (message, transfer) => port.postMessage(message, transfer as never),
    addEventListener: (_name, listener) => {
      const onMessage = (data: unknown) => {
        const event = { data } as MessageEvent;
        if ("handleEvent" in listener) listener.handleEvent(event);
        else listener(event);
      };
      port.on("message", onMessage);
      listeners.set(listener, onMessage);
    },
    removeEventListener: (_name, listener) => {
      const onMessage = listeners.get(listener);
      if (onMessage !== undefined) port.off("message", onMessage);
      listeners.delete(listener);
    },
  };
}
