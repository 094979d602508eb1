import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect } from "@dimos/rpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Motor } from "../../test/moving.ts";
import { run } from "../../test/run.ts";
import { StressTest } from "../../test/stress-test.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import type { ModuleCoordinator } from "../coordinator/coordinator.ts";
import { RunRegistry } from "../runs/run-registry.ts";
import { StreamReader } from "../stream/stream-reader.ts";
import { CONTROL } from "./protocol.ts";
import { serveRun } from "./serve-run.ts";

const token = "all-of-the-run-0123";
const callToken = "calls-and-skills-0123";

/** The status that somebody is answered with who asks for a connection; 101 when it is made. */
async function knock(endpoint: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  const upgrade = {
    connection: "upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const url = `${endpoint.replace("ws:", "http:")}/rpc`;
  const asked = request(url, { headers: { ...upgrade, ...headers }, agent: false }).end();
  const answered = new AbortController();
  const { signal } = answered;
  const status = Promise.race([
    once(asked, "response", { signal }).then(([{ statusCode }]) => statusCode as number),
    once(asked, "upgrade", { signal }).then(() => 101),
  ]);
  try {
    return await status;
  } finally {
    answered.abort();
    asked.destroy();
  }
}

describe("A run that is served over TCP", () => {
  let on: ModuleCoordinator;
  let endpoint: string;

  beforeAll(async () => {
    const robot = autoconnect(StressTest.blueprint(), Motor.blueprint());
    on = await run(robot, { nWorkers: 0, listen: "ws://127.0.0.1:0", token, callToken, debugCalls: true });
    const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
    endpoint = entries.find(({ runId }) => runId === on.runId)?.tcpEndpoint as string;
  });

  afterAll(() => on.stop());

  it("tells its tokens to nobody who reads its file, which bug reports hold (B6)", () => {
    const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
    const own = entries.find(({ runId }) => runId === on.runId);
    expect(own?.config).toMatchObject({ token: "***", callToken: "***" });
    expect(JSON.stringify(own)).not.toMatch(new RegExp(`${token}|${callToken}`));
  });

  it("takes no command from a stranger: no token, a wrong one, or the page of another origin with the right one (B6)", async () => {
    const bearer = (shown: string) => ({ authorization: `Bearer ${shown}` });
    expect(await knock(endpoint, {})).toBe(401);
    for (const wrong of ["", "x", token.slice(0, -1), `${token}0`, token.toUpperCase(), callToken.slice(1)])
      expect(await knock(endpoint, bearer(wrong)), wrong).toBe(401);
    for (const right of [token, callToken]) {
      for (const origin of ["https://evil.example", "null", endpoint.replace("ws:", "http:")])
        expect(await knock(endpoint, { ...bearer(right), origin }), origin).toBe(403);
      expect(await knock(endpoint, { ...bearer(right), host: "evil.example" })).toBe(403);
      expect(await knock(endpoint, bearer(right))).toBe(101);
    }
  });

  it("lets nobody with the callToken alone make a stopped robot move again, or change what runs (B6)", async () => {
    await using client = await connect(endpoint, { token: callToken });
    expect(await client.call(CONTROL.call, ["StressTest", "ping", [{}]])).toBe("pong");
    expect(await client.call(CONTROL.estop, ["a child in the way"])).toMatchObject({ halted: ["Motor"] });
    const open: string[] = [CONTROL.directory, CONTROL.health, CONTROL.estop, CONTROL.call];
    for (const name of Object.values(CONTROL).filter((method) => !open.includes(method)))
      await expect(client.call(name, ["Motor", "push", { by: 1 }]), name).rejects.toThrow(`No method named "${name}"`);
    for (const [method, path] of [
      ["$read", "pushes"],
      ["$callPath", "blockFor"],
      ["_depth.$read", "list"],
    ])
      await expect(client.call(CONTROL.call, ["Motor", method, [[path], [1]]])).rejects.toMatchObject({
        code: "ACCESS_DENIED",
      });
    expect(on.estopState).toMatchObject({ latched: true, reason: "a child in the way" });
    expect(on.listModules().map(({ instance, state }) => [instance, state])).toEqual([
      ["StressTest", "running"],
      ["Motor", "running"],
    ]);
    await using owner = await connect(endpoint, { token });
    expect(await owner.call(CONTROL.resetEstop, [])).toMatchObject({ estop: { latched: false }, unconfirmed: [] });
  });
});

it("A run that cannot be served over TCP leaves no way in on its own host, to a robot that nobody watches", async () => {
  await using on = await run(StressTest.blueprint(), { nWorkers: 0 });
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { readonly port: number };
  const path = join(mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "run-")), "control.sock");
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log };
  await using streams = new StreamReader({ streamSource: async () => undefined, onChange: () => silent, log });
  const served = serveRun(
    on,
    { endpoint: `unix:${path}`, streams, resolveNames: undefined, log },
    { ...on.config, listen: `ws://127.0.0.1:${port}`, token },
  );
  await expect(served).rejects.toMatchObject({ code: "ENDPOINT_IN_USE" });
  expect(existsSync(path)).toBe(false);
  // Nor is a run reported as up that nobody could reach, not even to stop it.
  const listen = `ws://127.0.0.1:${port}`;
  await expect(run(StressTest.blueprint(), { nWorkers: 0, listen, token })).rejects.toMatchObject({
    code: "ENDPOINT_IN_USE",
  });
  await once(other.close(), "close");
});
