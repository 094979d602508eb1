import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { type RpcServer, serve } from "./index.ts";

const CHROMIUM = "/usr/bin/chromium";

/** A page that connects to every address and reports what came of it. */
const page = (addresses: readonly string[], reportTo: string) => `<!doctype html><body><script>
const results = {};
const note = (address, result) => {
  results[address] ??= result;
  const done = Object.keys(results).length === ${addresses.length};
  if (done) fetch(${JSON.stringify(reportTo)}, { method: "POST", mode: "no-cors", body: JSON.stringify(Object.values(results)) });
};
for (const address of ${JSON.stringify(addresses)}) {
  const socket = new WebSocket(address);
  socket.onopen = () => {
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "stop", params: [] }));
    setTimeout(() => note(address, "open"), 200);
  };
  socket.onerror = () => note(address, "refused");
}
</script></body>`;

// Programs from Debian's packages: where there is no Chromium, headers are tested without one (access.test.ts).
describe.runIf(existsSync(CHROMIUM))("A page in a browser (B6)", () => {
  let calls = 0;
  let server: RpcServer;
  let open: WebSocketServer;
  let pages: Server;
  let addresses: string[];
  let reported = Promise.withResolvers<readonly string[]>();

  beforeAll(async () => {
    const methods = new Map([["stop", () => void calls++]]);
    server = await serve(methods, { endpoint: "ws://127.0.0.1:0", token: "secret" });
    open = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(open, "listening");
    addresses = [`${server.endpoint}/rpc`, `ws://127.0.0.1:${(open.address() as AddressInfo).port}/rpc`];
    pages = createServer((request, response) => {
      if (request.method === "POST") {
        request.on("data", (body) => reported.resolve(JSON.parse(String(body))));
        response.end();
        return;
      }
      const host = request.headers.host?.replace(/:\d+$/, "") ?? "";
      const named = addresses.map((address) => address.replace("127.0.0.1", host));
      response.setHeader("content-type", "text/html").end(page(named, "/report"));
    }).listen(0, "127.0.0.1");
    await once(pages, "listening");
  });

  afterAll(async () => {
    pages.close();
    open.close();
    await server.close();
  });

  /** What the page reports, in no order. */
  async function visit(url: string): Promise<readonly string[]> {
    reported = Promise.withResolvers();
    const profile = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "chromium-"));
    const browser = spawn(
      CHROMIUM,
      [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
        ...["--disable-background-networking", "--disable-component-update", `--user-data-dir=${profile}`],
        ...["--host-resolver-rules=MAP evil.example 127.0.0.1", "--remote-debugging-port=0", url],
      ],
      { stdio: "ignore", detached: true },
    );
    try {
      return await reported.promise;
    } finally {
      process.kill(-(browser.pid as number), "SIGKILL");
      await once(browser, "exit");
    }
  }

  const port = () => (pages.address() as AddressInfo).port;

  it("of another origin, under a rebound name, or from a file, reaches an open server and never ours", {
    timeout: 60_000,
  }, async () => {
    const file = join(mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "page-")), "page.html");
    writeFileSync(file, page(addresses, `http://127.0.0.1:${port()}/report`));
    for (const url of [`http://127.0.0.1:${port()}/`, `http://evil.example:${port()}/`, `file://${file}`]) {
      expect((await visit(url)).toSorted(), url).toEqual(["open", "refused"]);
    }
    expect(calls).toBe(0);
  });
});
