/**
 * How messages get from one worker process to another on this host. Inside a worker they are handed over as they are.
 *
 * - `auto`: 32 KB and more through shared memory where there is any, all else over a socket.
 * - `shared-memory`: the same, and a host without shared memory is an error instead of a reason to use the socket.
 * - `socket`: everything over the socket.
 */
export const TRANSPORTS = ["auto", "shared-memory", "socket"] as const;

export type Transport = (typeof TRANSPORTS)[number];
