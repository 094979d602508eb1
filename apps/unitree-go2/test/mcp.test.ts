import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Dimos } from "@dimos/porcelain";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { planarDistance } from "../src/planar-pose.ts";
import { nowMs } from "./now-ms.ts";
import { ProcessorWaits } from "./processor-waits.ts";
import { TruthWatch } from "./truth-watch.ts";

/** A call as `server_status` tells of it. */
interface Call {
  readonly tool: string;
  readonly state: string;
  readonly outcome?: { readonly status: string; readonly moved: number };
}

const HERE = fileURLToPath(new URL("..", import.meta.url));
const DIMOS = fileURLToPath(new URL("../node_modules/@dimos/cli/bin/dimos.js", import.meta.url));
/** The built command, as a user has it. */
const dimos = async (...args: string[]) => {
  const env = { ...process.env, NODE_OPTIONS: "" };
  return (await promisify(execFile)(process.execPath, [DIMOS, ...args], { cwd: HERE, env })).stdout;
};

/** What the robot must have halted within after its move was cancelled. */
const HALT_MS = 600;
/** So many reports of the simulator in a row. */
const KEEPS_STANDING = 25;

beforeAll(() => dimos("run", "unitree-go2-agentic", "--daemon", "--mcp-port", "0"), 60_000);
afterAll(() => dimos("stop"));

async function agent(mode: "auto" | "legacy") {
  await using app = await Dimos.connect();
  const { url } = (await app.McpServer.connection()) as { readonly url: string };
  const client = new Client({ name: "agent", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

it("offers an agent the skills of a running Go2, pictures included", async () => {
  await using client = await agent("auto");
  const names = (await client.listTools()).tools.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["relativeMove", "navigateTo", "observe", "server_status"]));
  const { content } = await client.callTool({ name: "observe" });
  const image = content.find(({ type }) => type === "image");
  expect(image).toMatchObject({ mimeType: "image/png" });
  expect(
    Buffer.from((image as { readonly data: string }).data, "base64")
      .subarray(1, 4)
      .toString(),
  ).toBe("PNG");
});

it.each(["auto", "legacy"] as const)(
  "I2 a cancelled move: the robot stands within 0.6 s, and what it measured can be asked, protocol %s",
  { timeout: 120_000 },
  async (mode) => {
    await using app = await Dimos.connect();
    using watch = await TruthWatch.open(app.runId);
    const waits = new ProcessorWaits([process.pid, watch.pid, ...(await processesOf(app))]);
    await using client = await agent(mode);
    const { pose: from } = await app.Go2Connection.groundTruth();
    const cancel = new AbortController();
    const samples: Sample[] = [];
    using _sampling = every(10, () => samples.push({ moments: watch.moments.length, waitedMs: waits.read() }));
    let cancelled = { atMs: Number.NaN, waitedMs: Number.NaN };
    const messages: string[] = [];
    const onprogress = ({ message = "" }: { readonly message?: string | undefined }) => {
      messages.push(message);
      if (cancel.signal.aborted || JSON.parse(message).distanceLeft > 1) return;
      cancelled = { waitedMs: waits.read(), atMs: nowMs() };
      cancel.abort();
    };
    const call = { name: "relativeMove", arguments: { forward: mode === "auto" ? 1.5 : -1.5 } };
    await expect(client.callTool(call, { signal: cancel.signal, onprogress, timeout: 60_000 })).rejects.toThrow();
    expect(messages.length).toBeGreaterThan(3);
    const outcomeOf = async () => {
      const { structuredContent } = await client.callTool({ name: "server_status" });
      const { calls } = structuredContent as { readonly calls: readonly Call[] };
      return calls.find(({ tool }) => tool === "relativeMove");
    };
    await expect
      .poll(outcomeOf, { timeout: 30_000 })
      .toMatchObject({ state: "cancelled", outcome: { status: "cancelled" } });
    await expect.poll(() => watch.standsFor(KEEPS_STANDING), { timeout: 30_000 }).toBe(true);

    // A robot whose commands come late stands for a moment and walks on: the last time it moved counts.
    const { index, afterMs } = watch.lastMoved(cancelled.atMs);
    // From the abort to the simulator a message goes through six processes, one after the other. The bound is for what
    // they take by their own doing: on a busy machine each of them waits for a processor as well.
    const seen = samples.find(({ moments }) => moments > index)?.waitedMs ?? Number.NaN;
    const starvedMs = seen - cancelled.waitedMs;
    const figures = `moved for ${afterMs} ms, ${starvedMs} ms without a processor`;
    expect(afterMs - starvedMs, figures).toBeLessThan(HALT_MS);

    const { pose, collisions } = await app.Go2Connection.groundTruth();
    const walked = planarDistance(from, pose);
    expect(walked, "it was under way").toBeGreaterThan(0.3);
    expect(Math.abs(((await outcomeOf())?.outcome?.moved as number) - walked)).toBeLessThan(0.15);
    expect(collisions).toBe(0);
  },
);

/** What was so while the simulator had told of so many moments. */
interface Sample {
  readonly moments: number;
  readonly waitedMs: number;
}

function every(ms: number, work: () => void): Disposable {
  const timer = setInterval(work, ms);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Whose messages end a move: the coordinator, and the workers between the server and the robot. */
async function processesOf(app: Dimos): Promise<number[]> {
  const between = new Set(["McpServer", "UnitreeSkills", "ReplanningAStarPlanner", "MovementManager", "Go2Connection"]);
  const modules = app.listModules().filter(({ instance }) => between.has(instance));
  expect(modules).toHaveLength(between.size);
  const [run] = JSON.parse(await dimos("status", "--json")) as [{ readonly pid: number }];
  return [run.pid, ...modules.map(({ pid }) => pid)];
}

it("a completed move says what was measured", async () => {
  await using client = await agent("auto");
  const { structuredContent } = await client.callTool({ name: "relativeMove", arguments: { forward: 0.5 } });
  expect(structuredContent).toMatchObject({ status: "reached" });
  expect(Math.abs((structuredContent as { readonly moved: number }).moved - 0.5)).toBeLessThan(0.25);
});
