import type { Link } from "./link.ts";

/** Loaded by name, so that a process loads its own peer only. */
export const LINKS = {
  "unix-socket": async () => (await import("./unix-socket.ts")).unixSocket,
  ws: async () => (await import("./ws.ts")).ws,
  "rpc-websockets": async () => (await import("./rpc-websockets.ts")).rpcWebsockets,
  birpc: async () => (await import("./birpc.ts")).birpc,
  grpc: async () => (await import("./grpc.ts")).grpc,
  trpc: async () => (await import("./trpc.ts")).trpc,
  nats: async () => (await import("./nats.ts")).nats,
} satisfies Record<string, () => Promise<Link>>;

export type LinkName = keyof typeof LINKS;
