import type { Payload } from "./payload.ts";

/** Names of contenders and titles of tables, by which the targets find them. */
export const NAMES = {
  raw: "raw Unix socket, length-prefixed, batched",
  memcpy: "memcpy in one process",
  copied: "dimos, copied out (default)",
  loan: "dimos, `loan: true`",
  socket: "dimos without shared memory",
  ipc: "child_process IPC, advanced serialization",
  ws: "raw ws, Unix socket",
  pipe: "Python multiprocessing pipe",
  emit: "`EventEmitter.emit`, 64 B",
  emitLarge: "`EventEmitter.emit`, 2.7 MB",
  local: "dimos, 64 B",
  localLarge: "dimos, 2.7 MB",
  one: "one subscriber",
  many: "4 subscribers",
  quiet: "no frames",
  loaded: "60 MB/s of frames to the same module",
} as const;

export const SIZE_TITLES: Readonly<Record<Payload, string>> = {
  "64 B": "Streams of 64 B (a pose: six numbers), one publisher to one subscriber",
  "1 KB": "Streams of 1 KB (the state of 27 joints)",
  "64 KB": "Streams of 64 KB",
  "1 MB": "Streams of 1 MB",
  "2.7 MB": "Streams of 2.7 MB (1280 × 720 × 3)",
};

export const TITLES = {
  sameWorker: "Streams inside one worker",
  fanOut: "2.7 MB frames to 4 subscribers",
  fanOutCost: "What 2.7 MB frames cost their publisher: dimos",
  fanOutCostRaw: "What 2.7 MB frames cost their publisher: raw Unix socket",
  underLoad: "Small calls to a module while it receives frames",
} as const;
