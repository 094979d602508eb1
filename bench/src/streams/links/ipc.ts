import type { LinkPublisher } from "./link.ts";

/** Messages that may wait in the channel: it has no backpressure but a boolean that is false nearly always. */
const WINDOW = 16;

/** What is not a message of the bench on a channel that carries both. */
export interface IpcChannel {
  send(message: unknown, sent: (error: Error | null) => void): unknown;
}

/** The channel of `child_process.fork` with the serialization of structured clones. */
export function ipcPublisher(child: IpcChannel): LinkPublisher {
  let waiting = 0;
  return {
    publish: () => (message) => {
      const sent = new Promise<void>((resolve) => {
        child.send(message, () => {
          waiting--;
          resolve();
        });
      });
      return ++waiting < WINDOW ? undefined : sent;
    },
    subscribers: 1,
  };
}
