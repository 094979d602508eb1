import type { Socket } from "node:net";

/** Checks per limit. A server that was blocked for longer than the limit reads what has arrived before it gives up. */
const CHECKS = 8;

export interface HandshakeLimits {
  /** Connections that may be under way at a time. */
  readonly max: number;
  /** From the connection to the end of its handshake, whatever arrives meanwhile. */
  readonly timeoutMs: number;
}

/**
 * Connections that have not been let in: silent ones, half a request, and refused ones that are not closed yet. They
 * are what anybody can open who reaches the port, so their number and their time are bounded.
 */
export class Handshakes {
  readonly #limits: HandshakeLimits;
  readonly #onTurnedAway: (address: string) => void;
  /** Oldest first. */
  readonly #waiting = new Map<Socket, { readonly address: string; checks: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: HandshakeLimits, onTurnedAway: (address: string) => void) {
    this.#limits = limits;
    this.#onTurnedAway = onTurnedAway;
  }

  begin(socket: Socket): void {
    if (this.#waiting.size >= this.#limits.max) this.#makeRoom();
    this.#waiting.set(socket, { address: addressOf(socket), checks: 0 });
    socket.once("close", () => this.end(socket));
    this.#timer ??= setInterval(() => this.#check(), this.#limits.timeoutMs / CHECKS).unref();
  }

  /** The connection was let in, or is closed. */
  end(socket: Socket): void {
    this.#waiting.delete(socket);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  close(): void {
    for (const socket of [...this.#waiting.keys()]) {
      socket.destroy();
      this.end(socket);
    }
  }

  /**
   * Closes the oldest connection of the address that has the most. A client with a token needs a moment only: it gets
   * through beside somebody who fills every place again and again, and most of all from another address.
   */
  #makeRoom(): void {
    const counts = new Map<string, number>();
    for (const { address } of this.#waiting.values()) counts.set(address, (counts.get(address) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const [socket, { address }] of this.#waiting) {
      if (counts.get(address) !== most) continue;
      this.#turnAway(socket, address);
      return;
    }
  }

  #check(): void {
    for (const [socket, waiting] of this.#waiting) {
      waiting.checks += 1;
      if (waiting.checks >= CHECKS) this.#turnAway(socket, waiting.address);
    }
  }

  #turnAway(socket: Socket, address: string): void {
    socket.destroy();
    this.end(socket);
    this.#onTurnedAway(address);
  }
}

/** As people write it. Undefined in Node for a peer that has gone already. */
function addressOf({ remoteAddress }: Socket): string {
  return remoteAddress?.replace(/^::ffff:/, "") ?? "an unknown address";
}
