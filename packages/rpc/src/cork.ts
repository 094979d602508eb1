import type { Socket } from "node:net";

/**
 * Makes one write of what is sent to a socket within a turn of the event loop. Called before the first frame of a turn;
 * what follows from it at once, over any number of promises, is still part of the turn.
 */
export function createCork(socket: Socket): () => void {
  let isCorked = false;
  const uncork = () => {
    isCorked = false;
    socket.uncork();
  };
  // The tick queue comes after all promises that are settled by then.
  const afterPromises = () => process.nextTick(uncork);
  return () => {
    if (isCorked) return;
    isCorked = true;
    socket.cork();
    queueMicrotask(afterPromises);
  };
}
