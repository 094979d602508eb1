import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocket, WebSocketServer } from "ws";
import type { Stamped } from "../payload.ts";
import type { Link } from "./link.ts";

const HIGH_WATER_BYTES = 1024 * 1024;
const MAX_WAITING = 16;

/** JSON cannot carry bytes: they go as base64, which is what tRPC's users do. */
interface Wire {
  readonly plain: unknown;
  readonly data?: string;
}

/** What one subscription has not sent yet. tRPC itself would take any number of messages into memory. */
class Outbox {
  readonly #waiting: Wire[] = [];
  #wake: () => void = () => {};

  /** True as long as there is room for more. */
  put(message: Wire): boolean {
    this.#waiting.push(message);
    this.#wake();
    return this.#waiting.length < MAX_WAITING;
  }

  get hasRoom(): boolean {
    return this.#waiting.length < MAX_WAITING / 2;
  }

  async *messages(): AsyncGenerator<Wire> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) yield message;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

function frames(outboxes: Set<Outbox>) {
  const { router, procedure } = initTRPC.create();
  return router({
    frames: procedure.subscription(async function* () {
      const outbox = new Outbox();
      outboxes.add(outbox);
      yield* outbox.messages();
    }),
  });
}

/** A subscription of tRPC over `ws`, which it allows on TCP only. */
export const trpc: Link = {
  async publisher(address) {
    const outboxes = new Set<Outbox>();
    const server = new WebSocketServer({ port: Number(address), host: "127.0.0.1" });
    applyWSSHandler({ wss: server, router: frames(outboxes) });
    const hasRoom = () =>
      [...outboxes].every((outbox) => outbox.hasRoom) &&
      [...server.clients].every(({ bufferedAmount }) => bufferedAmount < HIGH_WATER_BYTES);
    return {
      publish: () => (message) => {
        const { data, ...plain } = message as Stamped & { readonly data?: Uint8Array };
        const wire: Wire = data === undefined ? { plain } : { plain, data: base64(data) };
        let isTaken = true;
        for (const outbox of outboxes) isTaken = outbox.put(wire) && isTaken;
        if (isTaken) return undefined;
        return new Promise((resolve) => {
          const look = () => (hasRoom() ? resolve() : setImmediate(look));
          setImmediate(look);
        });
      },
      get subscribers() {
        return outboxes.size;
      },
    };
  },
  async subscriber(address, take) {
    const client: TRPCClient<ReturnType<typeof frames>> = createTRPCClient({
      links: [wsLink({ client: createWSClient({ url: `ws://127.0.0.1:${address}`, WebSocket: WebSocket as never }) })],
    });
    client.frames.subscribe(undefined, {
      onData: ({ plain, data }) => {
        take(
          data === undefined
            ? (plain as Stamped)
            : Object.assign(plain as Stamped, { data: Buffer.from(data, "base64") }),
        );
      },
    });
  },
};

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
