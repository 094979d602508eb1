import { mkdirSync, mkdtempSync, statSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { unixEndpoint } from "../test/endpoints.ts";
import { startServerProcess } from "../test/processes.ts";
import { AccessDeniedError, connect, type ServeOptions, serve } from "./index.ts";

const method = vi.fn(() => "secret answer");
const methods = new Map([["read", method]]);
const tcp = (options: Partial<ServeOptions> = {}) =>
  serve(methods, { endpoint: "ws://127.0.0.1:0", token: "right", ...options });

/** The status a raw WebSocket client is answered with; 101 when it is let in. */
function knock(endpoint: string, headers: Record<string, string>, path = "/rpc"): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${endpoint}${path}`, { headers });
    socket.on("unexpected-response", (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.on("error", () => resolve(0));
  });
}

describe("tokens", () => {
  test("B6 the right token is let in, none and a wrong one are not, and no method runs", async () => {
    await using server = await tcp();
    await using client = await connect(server.endpoint, { token: "right" });
    expect(await client.call("read", [])).toBe("secret answer");
    method.mockClear();
    const none = await connect(server.endpoint).catch((error: unknown) => error);
    expect(none).toBeInstanceOf(AccessDeniedError);
    expect(none).toMatchObject({ message: "The server refused the connection: a token is needed" });
    for (const token of ["wrong", "righ", "rightt", "RIGHT"]) {
      await expect(connect(server.endpoint, { token })).rejects.toThrow("the token is wrong");
    }
    expect(method).not.toHaveBeenCalled();
    expect(server.stats().clients).toBe(1);
  });

  test("B6 a TCP endpoint without a token is not served", async () => {
    for (const token of [undefined, ""]) {
      const options = token === undefined ? {} : { token };
      await expect(serve(methods, { endpoint: "ws://127.0.0.1:0", ...options })).rejects.toBeInstanceOf(
        AccessDeniedError,
      );
    }
  });

  test("a Unix socket may ask for a token too", async () => {
    await using server = await serve(methods, { endpoint: unixEndpoint(), token: "right" });
    await expect(connect(server.endpoint)).rejects.toBeInstanceOf(AccessDeniedError);
    await using client = await connect(server.endpoint, { token: "right" });
    expect(client.state).toBe("open");
  });
});

describe("limited tokens", () => {
  const limitedTokens = [{ token: "guest", methods: new Map([["peek", () => "a glimpse"]]) }];

  test("show a client their own methods only, and the full one all of the others", async () => {
    await using server = await tcp({ limitedTokens });
    await using guest = await connect(server.endpoint, { token: "guest" });
    await using owner = await connect(server.endpoint, { token: "right" });
    expect(await guest.call("peek", [])).toBe("a glimpse");
    method.mockClear();
    await expect(guest.call("read", [])).rejects.toThrow('No method named "read"');
    expect(method).not.toHaveBeenCalled();
    expect(await owner.call("read", [])).toBe("secret answer");
    await expect(owner.call("peek", [])).rejects.toThrow('No method named "peek"');
    await expect(connect(server.endpoint, { token: "gues" })).rejects.toThrow("the token is wrong");
  });

  test("are refused without a full one, empty, or equal to it", async () => {
    const endpoint = "ws://127.0.0.1:0";
    for (const options of [{ limitedTokens }, { token: "guest", limitedTokens }]) {
      await expect(serve(methods, { endpoint, ...options })).rejects.toBeInstanceOf(AccessDeniedError);
    }
    const empty = [{ token: "", methods }];
    await expect(serve(methods, { endpoint, token: "right", limitedTokens: empty })).rejects.toThrow("not empty");
  });
});

describe("pages", () => {
  const authorization = "Bearer right";

  test("B6 an Origin that is not listed is refused, with or without the token", async () => {
    await using server = await tcp({ allowedOrigins: ["https://good.example"] });
    expect(await knock(server.endpoint, { authorization, origin: "https://evil.example" })).toBe(403);
    expect(await knock(server.endpoint, { authorization, origin: "null" })).toBe(403);
    expect(await knock(server.endpoint, { authorization, origin: "" })).toBe(403);
    expect(await knock(server.endpoint, { authorization, origin: "https://good.example" })).toBe(101);
    expect(await knock(server.endpoint, { authorization })).toBe(101);
  });

  test("B6 a Host name that is not this server's is refused, for a page may rebind its own", async () => {
    await using server = await tcp({ allowedHosts: ["robot.local"] });
    expect(await knock(server.endpoint, { authorization, host: "evil.example" })).toBe(403);
    expect(await knock(server.endpoint, { authorization, host: "127.0.0.1.evil.example:80" })).toBe(403);
    for (const host of ["robot.local:80", "ROBOT.local", "localhost:1", "127.0.0.1", "[::1]:5"]) {
      expect(await knock(server.endpoint, { authorization, host })).toBe(101);
    }
  });

  test("B6 only /rpc is served, so that no path becomes a namespace and no query an id", async () => {
    await using server = await tcp();
    for (const path of ["", "/", "/rpc?socket_id=1", "/rpc/", "//rpc", "/other", "/%"]) {
      expect(await knock(server.endpoint, { authorization }, path), path).toBe(404);
    }
  });
});

describe("raw connections", () => {
  test.each([
    ["a plain request", "GET /rpc HTTP/1.1\r\nhost: localhost\r\n\r\n", "426"],
    [
      "a broken upgrade",
      "GET /rpc HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer right\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
      "400",
    ],
    [
      "a bad URL",
      "GET http://[ HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
      "404",
    ],
    ["junk", "\x00\x01\x02\r\n\r\n", ""],
  ])("B5 %s is turned away, and the server lives", async (_, bytes, status) => {
    await using server = await tcp();
    const answer = await new Promise<string>((resolve) => {
      let text = "";
      const socket = connectSocket(Number(new URL(server.endpoint).port), "127.0.0.1", () => socket.write(bytes));
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(text));
    });
    expect(answer.split(" ")[1] ?? "").toBe(status);
    await using client = await connect(server.endpoint, { token: "right" });
    expect(await client.call("read", [])).toBe("secret answer");
  });

  test("B5 one that is refused and resets its connection leaves the server in place", async () => {
    await using server = await tcp();
    const knockAndReset = () =>
      new Promise<unknown>((resolve) => {
        const socket = connectSocket(Number(new URL(server.endpoint).port), "127.0.0.1", () =>
          socket.write("GET /x HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"),
        );
        socket.once("data", () => socket.resetAndDestroy());
        socket.once("close", resolve);
      });
    const uncaught = vi.fn();
    process.once("uncaughtException", uncaught);
    for (let i = 0; i < 20; i++) await knockAndReset();
    await using client = await connect(server.endpoint, { token: "right" });
    expect(await client.call("read", [])).toBe("secret answer");
    process.off("uncaughtException", uncaught);
    expect(uncaught).not.toHaveBeenCalled();
  });

  test("more clients than allowed are turned away with the reason", async () => {
    await using server = await tcp({ maxClients: 1 });
    await using _first = await connect(server.endpoint, { token: "right" });
    await expect(connect(server.endpoint, { token: "right" })).rejects.toThrow("too many clients");
  });
});

describe("Unix sockets", () => {
  test("B6 the directory is made for its owner alone, and so is the socket", async () => {
    const directory = join(mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "rpc-")), "a", "b");
    await using _server = await serve(methods, { endpoint: `unix:${directory}/s` });
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, "s")).mode & 0o777).toBe(0o600);
  });

  test("B6 a directory that others can enter is refused", async () => {
    const directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "rpc-"));
    mkdirSync(join(directory, "open"), { mode: 0o755 });
    await expect(serve(methods, { endpoint: `unix:${directory}/open/s` })).rejects.toMatchObject({
      code: "BAD_ENDPOINT",
      message: `Cannot listen on unix:${directory}/open/s: its directory is open to other users (mode 755). Use a directory with mode 700`,
    });
  });

  test("an endpoint in use says so, and one that a dead process left behind is taken over", async () => {
    const endpoint = unixEndpoint();
    const first = await startServerProcess(endpoint);
    await expect(serve(methods, { endpoint })).rejects.toMatchObject({ code: "ENDPOINT_IN_USE" });
    first.child.kill("SIGKILL");
    await first[Symbol.asyncDispose]();
    expect(statSync(endpoint.slice("unix:".length)).isSocket()).toBe(true);
    await using second = await serve(methods, { endpoint });
    await using client = await connect(second.endpoint);
    expect(await client.call("read", [])).toBe("secret answer");
    await using third = await tcp();
    await expect(tcp({ endpoint: third.endpoint })).rejects.toMatchObject({ code: "ENDPOINT_IN_USE" });
  });
});
