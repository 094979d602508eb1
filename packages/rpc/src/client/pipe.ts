import { connect as connectSocket, type Socket } from "node:net";
import { CommonClient } from "rpc-websockets";
import { WebSocket } from "ws";
import { createCork } from "../cork.ts";
import { type Address, type Endpoint, tcpEndpoint } from "../endpoint.ts";
import { AccessDeniedError, ConnectionLostError, FrameError } from "../errors.ts";
import { decodeServerFrame, type ServerFrame } from "../frames.ts";

export interface PipeOptions {
  readonly token?: string | undefined;
  readonly maxPayloadBytes: number;
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  onFrame(frame: ServerFrame): void;
  /** Exactly once, after the pipe was open. */
  onLost(error: Error): void;
}

export interface ClientPipe {
  readonly socket: Socket;
  /** False as soon as the connection begins to close. */
  readonly isOpen: boolean;
  send(frame: Buffer): void;
  ping(): void;
  close(): void;
  terminate(): void;
}

/**
 * The one place where rpc-websockets calls. It carries encoded frames both ways; who waits for what is kept by the
 * client above it, because the library notes a call only after its bytes have left and forgets it when the socket dies.
 */
export function openPipe(address: Address, options: PipeOptions): Promise<ClientPipe> {
  return new Promise((resolve, reject) => {
    let ending: Error | undefined;
    let isOpen = false;
    const socket = dial(address);
    const webSocket = new WebSocket(`ws://${hostOf(address)}/rpc`, {
      createConnection: () => socket,
      headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
      maxPayload: options.maxPayloadBytes,
      perMessageDeflate: false,
      maxFragments: 64,
      // Masking protects proxies between a page and a server; there is none on a local socket.
      ...(address.kind === "unix" ? { generateMask: (mask: Buffer) => void mask.fill(0) } : {}),
    });
    const fail = (error: Error) => {
      ending ??= error;
      webSocket.terminate();
      socket.destroy();
    };
    // The library's own timeout does not see a socket that was made for it.
    const timeout = setTimeout(() => {
      fail(new ConnectionLostError(`The server did not answer within ${options.connectTimeoutMs} ms`));
    }, options.connectTimeoutMs);
    const decode = (bytes: unknown): object => {
      try {
        return { method: "frame", params: decodeServerFrame(bytes) };
      } catch (error) {
        fail(new ConnectionLostError("The server sent something that is not a frame", { cause: error }));
        return {};
      }
    };
    const library = createLibraryClient(webSocket, decode);
    library.on("frame", (frame: ServerFrame) => {
      if (frame.kind !== "unreadable") options.onFrame(frame);
      else fail(new ConnectionLostError("The server could not read a frame", { cause: new FrameError(frame.reason) }));
    });
    const stopWaiting = () => {
      clearTimeout(timeout);
      options.signal?.removeEventListener("abort", abort);
    };
    const abort = () => fail(new ConnectionLostError("Connecting was aborted", { cause: options.signal?.reason }));
    options.signal?.addEventListener("abort", abort, { once: true });
    webSocket.on("unexpected-response", (_request, response) => {
      fail(
        new AccessDeniedError(
          `The server refused the connection: ${response.headers["x-reason"] ?? response.statusCode}`,
        ),
      );
    });
    webSocket.on("error", (error) => fail(new ConnectionLostError(error.message, { cause: error })));
    webSocket.once("open", () => {
      isOpen = true;
      stopWaiting();
      resolve(wrap(webSocket, socket, library));
    });
    webSocket.once("close", (code, reason) => {
      stopWaiting();
      const error = ending ?? new ConnectionLostError(closeMessage(code, reason.toString()));
      if (isOpen) options.onLost(error);
      else reject(error);
    });
  });
}

function createLibraryClient(webSocket: WebSocket, decode: (bytes: unknown) => object): CommonClient {
  const library = new CommonClient(
    () => webSocket as never,
    "",
    { autoconnect: false, reconnect: false },
    undefined,
    // What is sent is encoded already, and stands where the parameters are.
    { decode, encode: (message: { params: Buffer }) => message.params } as never,
  );
  library.connect();
  return library;
}

function wrap(webSocket: WebSocket, socket: Socket, library: CommonClient): ClientPipe {
  const cork = createCork(socket);
  return {
    socket,
    get isOpen() {
      return webSocket.readyState === WebSocket.OPEN;
    },
    send: (frame) => {
      cork();
      // A failed send means a closing socket, and that is told by its close event.
      library.notify("frame", frame).catch(() => {});
    },
    ping: () => webSocket.ping(undefined, undefined, () => {}),
    close: () => webSocket.close(1000),
    terminate: () => webSocket.terminate(),
  };
}

function dial(address: Address): Socket {
  return address.kind === "unix" ? connectSocket(address.path) : connectSocket(address.port, address.host);
}

function hostOf(address: Address): Endpoint {
  return address.kind === "unix" ? "localhost" : tcpEndpoint(address.host, address.port).slice("ws://".length);
}

/** Codes of RFC 6455 that tell more than that the connection ended. */
function closeMessage(code: number, reason: string): string {
  if (code === 1009) return "The server closed the connection: a frame was larger than it takes";
  return reason === "" ? "The server closed the connection" : `The server closed the connection: ${reason}`;
}
