import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { RunRegistry, stateDirectory } from "@dimos/core";
import { describe, expect, it } from "vitest";
import { ServerProcess } from "../test/server-process.ts";
import { StressTest } from "../test/stress-test.ts";
import { Dimos } from "./index.ts";

const PROGRAM = fileURLToPath(new URL("../test/programs/fails.ts", import.meta.url));
const TOKEN = "a token of many letters";
/** A program that is still there after this time holds something. Only a failing test waits for it. */
const NEVER_ENDS_MS = 20_000;

/** Runs the program to its end, and returns what it said. Rejects when it does not end by itself. */
async function ended(way: string, options: object = {}, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const args = ["--conditions=@dimos/source", PROGRAM, way, JSON.stringify(options)];
  const limits = { timeout: NEVER_ENDS_MS, killSignal: "SIGKILL" } as const;
  const { stdout } = await promisify(execFile)(process.execPath, args, { ...limits, env: { ...process.env, ...env } });
  return stdout;
}

async function serving() {
  const app = new Dimos({ consoleLevel: "silent", nWorkers: 1, listen: "ws://127.0.0.1:0", token: TOKEN });
  await app.run(StressTest, { name: "tcp" });
  const endpoint = new RunRegistry(stateDirectory(process.env)).alive()[0]?.tcpEndpoint as string;
  return { endpoint, [Symbol.asyncDispose]: () => app.stop() };
}

describe("A program whose connect failed ends by itself", () => {
  it.concurrent.each([
    ["no run is alive", {}, /^NO_RUN: No running dimos found/],
    ["the endpoint is none", { endpoint: "http://127.0.0.1:1" }, /^BAD_ENDPOINT: /],
    ["nobody listens on the port", { endpoint: "ws://127.0.0.1:1", token: TOKEN }, /^CONNECTION_LOST: .*ECONNREFUSED/],
    ["there is no such socket", { endpoint: "unix:/no/such.sock" }, /^CONNECTION_LOST: .*ENOENT/],
    ["the run is no text", { run: 7 }, /^INVALID_ARGUMENT: /],
    ["the options are no object", [], /^INVALID_ARGUMENT: /],
  ])("when %s", async (_why, options, says) => {
    expect(await ended("connect", options)).toMatch(says);
  });

  it("when a worker of a run called it", async () => {
    await using server = await serving();
    const said = await ended("connect in a worker", { endpoint: server.endpoint, token: TOKEN });
    expect(said).toMatch(/^NOT_RUNNING: Dimos\.connect\(\) inside a worker: /);
  });

  it.concurrent.each([
    ["never answers", /^CONNECTION_LOST: .* did not answer within 200 ms/],
    ["only shakes hands", /^CONNECTION_LOST: The run at unix:\S+ did not answer within 200 ms/],
  ])("when what listens %s", async (way, says) => {
    expect(await ended(`connect to what ${way}`, { timeoutMs: 200 })).toMatch(says);
  });

  it("when the token is missing or wrong, or another one is in its environment", async () => {
    await using server = await serving();
    const { endpoint } = server;
    expect(await ended("connect", { endpoint })).toMatch(/^ACCESS_DENIED: /);
    expect(await ended("connect", { endpoint, token: "of another run" })).toMatch(/^ACCESS_DENIED: /);
    expect(await ended("connect", { endpoint }, { DIMOS_TOKEN: "of another run" })).toMatch(/^ACCESS_DENIED: /);
  });
});

describe("A client's environment", () => {
  it("holds the token that it shows, unless the program gives one", async () => {
    await using server = await serving();
    const { endpoint } = server;
    expect(await ended("connect and leave", { endpoint }, { DIMOS_TOKEN: TOKEN })).toBe("did not fail\n");
    const given = { endpoint, token: TOKEN };
    expect(await ended("connect and leave", given, { DIMOS_TOKEN: "of another run" })).toBe("did not fail\n");
  });

  it("may hold the token of a run elsewhere beside a run of its own", async () => {
    const said = await ended("run what there is not", {}, { DIMOS_TOKEN: TOKEN });
    expect(said).toMatch(/^\w+: Unknown blueprint or module: "no-such-thing"/);
  });

  it("may hold settings that no run would start with", async () => {
    await using server = await ServerProcess.start();
    const env = { DIMOS_TOKEN: TOKEN, DIMOS_N_WORKERS: "many" };
    expect(await ended("connect and leave", { run: server.runId }, env)).toBe("did not fail\n");
  });
});

describe("A program ends by itself", () => {
  it.each([
    ["run a module that breaks", /^\w+: BreaksInStart failed to start: no gripper/],
    ["run what there is not", /^\w+: Unknown blueprint or module: "no-such-thing"/],
    ["run for too short", /^\w+: .+/],
  ])("that failed to %s", async (way, says) => {
    expect(await ended(way)).toMatch(says);
  });

  it("that failed in whatever it did with a connection, and gave that back", async () => {
    await using _server = await ServerProcess.start();
    expect(await ended("use after connecting")).toBe("undefined: all failed\n");
  });
});
