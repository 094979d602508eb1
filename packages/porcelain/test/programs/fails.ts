import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { Dimos } from "@dimos/porcelain";
import { BreaksInStart } from "../stress-test.ts";

// Fails in the way that is asked for, says how, and does nothing further: a program that then goes on holds something.
const [way = "", given = "{}"] = process.argv.slice(2);
const options = JSON.parse(given);
const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  connect: () => Dimos.connect(options),
  "connect and leave": async () => (await Dimos.connect(options)).stop(),
  "connect in a worker": () => {
    process.env.DIMOS_WORKER_PID = String(process.pid);
    return Dimos.connect(options);
  },
  "connect to what never answers": async () => {
    const server = createServer((socket) => void socket.unref()).unref();
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { readonly port: number };
    return Dimos.connect({ ...options, endpoint: `ws://127.0.0.1:${port}`, token: "a token of many letters" });
  },
  "connect to what only shakes hands": async () => {
    const path = join(process.env.DIMOS_STATE_DIR as string, "mute.sock");
    const server = createServer((socket) => {
      socket.unref().once("data", (request) => {
        const [, key] = /^Sec-WebSocket-Key: (\S+)\r$/im.exec(String(request)) ?? [];
        const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
        const lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
        socket.write([...lines, `Sec-WebSocket-Accept: ${accept}`, "", ""].join("\r\n"));
      });
    }).unref();
    await new Promise<void>((resolve) => void server.listen(path, resolve));
    return Dimos.connect({ ...options, endpoint: `unix:${path}` });
  },
  "run a module that breaks": async () => new Dimos({ consoleLevel: "silent" }).run(BreaksInStart),
  "run what there is not": async () => new Dimos({ consoleLevel: "silent" }).run("no-such-thing"),
  "run for too short": async () => new Dimos({ consoleLevel: "silent" }).run(BreaksInStart, { timeoutMs: 1 }),
  "use after connecting": async () => {
    await using app = await Dimos.connect();
    const uses = [
      app.subscribe("no such stream", () => {}),
      app.peekStream("no such stream"),
      app.peekStream("tick", { timeoutMs: 10 }).then((message) => message ?? Promise.reject(new Error("no message"))),
      app.run("no-such-thing"),
      app.run(BreaksInStart),
      app.skills.fail(),
    ];
    const outcomes = await Promise.allSettled(uses);
    if (outcomes.some(({ status }) => status === "fulfilled")) throw new Error("something did not fail");
    throw new Error("all failed");
  },
};
try {
  await ways[way]?.();
  process.stdout.write("did not fail\n");
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code}: ${(error as Error).message}\n`);
}
