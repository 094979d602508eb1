import { CommonClient } from "rpc-websockets";
import { WebSocket } from "ws";
import { pack, unpack } from "../streams/links/pack.ts";

/** A client of bare rpc-websockets with MessagePack, on a Unix socket. */
export async function connectBare(address: string): Promise<CommonClient> {
  const factory = (url: string) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 26 });
    return {
      send: (data: Buffer, options: unknown, callback?: (error?: Error) => void) =>
        socket.send(data, (callback ?? options) as (error?: Error) => void),
      close: (code?: number, reason?: string) => socket.close(code, reason),
      addEventListener: (name: string, listener: (event: unknown) => void) =>
        socket.addEventListener(name as "open", listener as never),
      get readyState() {
        return socket.readyState;
      },
    };
  };
  const client = new CommonClient(
    factory as never,
    address,
    { autoconnect: true, reconnect: false } as never,
    undefined as never,
    { encode: pack, decode: unpack } as never,
  );
  await new Promise<void>((resolve) => client.on("open", resolve));
  return client;
}
