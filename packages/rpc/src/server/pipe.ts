import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { Server } from "rpc-websockets";
import type { WebSocket } from "ws";
import { FrameError } from "../errors.ts";
import { type ClientFrame, decodeClientFrame, encodeServerFrame } from "../frames.ts";

/** What arrived: a frame, or the reason why it is none. */
export type Incoming = ClientFrame | { readonly kind: "unreadable"; readonly reason: string };

export interface PipeOptions {
  readonly maxPayloadBytes: number;
  /** Answers a frame of a client, with an encoded frame or nothing. Must not throw or reject. */
  handle(frame: Incoming, clientId: string): Buffer | undefined | Promise<Buffer | undefined>;
}

export interface ServerPipe {
  /** Takes over an accepted connection. `onOpen` is called before anything is read from it, or never. */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    onOpen: (clientId: string, webSocket: WebSocket) => void,
  ): void;
  close(): Promise<void>;
}

/**
 * The one place where rpc-websockets serves. It sees a single method, whose parameter is a whole frame and whose
 * result is an encoded one, so that its own dispatch, subscriptions, namespaces and error objects stay unused.
 */
export function createServerPipe({ maxPayloadBytes, handle }: PipeOptions): ServerPipe {
  const library = new Server(
    { noServer: true, maxPayload: maxPayloadBytes, perMessageDeflate: false, maxFragments: 64, clientTracking: false },
    { decode: readMessage, encode: writeMessage } as unknown as ConstructorParameters<typeof Server>[1],
  );
  library.register("frame", ((frame: Incoming, clientId: string) => handle(frame, clientId)) as never);
  return {
    accept(request, socket, head, onOpen) {
      // The library makes namespaces of paths, and takes the client's word for its id in the query.
      request.url = "/";
      library.wss.handleUpgrade(request, socket, head, (webSocket) => {
        library.wss.emit("connection", webSocket, request);
        onOpen((webSocket as unknown as { _id: string })._id, webSocket);
      });
    },
    close: () => library.close() as unknown as Promise<void>,
  };
}

/** The library's view of a frame. Never throws: the library would answer in its own words. */
function readMessage(bytes: unknown): { jsonrpc: "2.0"; method: string; params: Incoming; id?: number } {
  let params: Incoming;
  try {
    params = decodeClientFrame(bytes);
  } catch (error) {
    params = { kind: "unreadable", reason: error instanceof FrameError ? error.message : "the frame cannot be read" };
  }
  const isAnswered = params.kind === "call" || params.kind === "subscribe" || params.kind === "unreadable";
  return { jsonrpc: "2.0", method: "frame", params, ...(isAnswered ? { id: 1 } : {}) };
}

/** Never throws: the library would end the process. */
function writeMessage(message: { result?: unknown }): Buffer {
  if (Buffer.isBuffer(message.result)) return message.result;
  return encodeServerFrame({ kind: "unreadable", reason: "the frame was not understood" }, { root: "frame" });
}
