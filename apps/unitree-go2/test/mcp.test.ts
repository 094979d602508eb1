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
/** Later than this it stands for another reason: nothing has told it to halt. */
const LOST_MS = 5_000;
const STANDING_M_PER_S = 0.02;

beforeAll(() => dimos("run", "unitree-go2-agentic", "--daemon", "--mcp-port", "0"), 60_000);
afterAll(() => dimos("stop"));

async function agent(mode: "auto" | "legacy") {
  const { url } = JSON.parse(await dimos("mcp", "status", "--json"));
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
    let cancelled = { atMs: Number.NaN, waitedMs: Number.NaN, speed: Number.NaN };
    const messages: string[] = [];
    const onprogress = ({ message = "" }: { readonly message?: string | undefined }) => {
      messages.push(message);
      if (cancel.signal.aborted || JSON.parse(message).distanceLeft > 1) return;
      cancelled = { waitedMs: waits.read(), speed: watch.speed, atMs: nowMs() };
      cancel.abort();
    };
    const call = { name: "relativeMove", arguments: { forward: mode === "auto" ? 1.5 : -1.5 } };
    const refused = expect(
      client.callTool(call, { signal: cancel.signal, onprogress, timeout: 60_000 }),
    ).rejects.toThrow();
    await expect.poll(() => cancel.signal.aborted, { timeout: 60_000, interval: 10 }).toBe(true);
    const movedForMs = await watch.movedFor(cancelled.atMs);
    // From the abort to the simulator a message goes through six processes, one after the other. The bound is for what
    // they take by their own doing: on a busy machine each of them waits for a processor as well.
    const starvedMs = waits.read() - cancelled.waitedMs;
    await refused;
    expect(messages.length).toBeGreaterThan(3);
    expect(cancelled.speed, "it was under way").toBeGreaterThan(0.1);
    expect(movedForMs - starvedMs, `moved for ${movedForMs} ms, ${starvedMs} ms without a processor`).toBeLessThan(
      HALT_MS,
    );
    expect(movedForMs, "the halt itself got lost").toBeLessThan(LOST_MS);

    const seen = watch.moments.length;
    const cancelledCall = async () => {
      const { structuredContent } = await client.callTool({ name: "server_status" });
      const { calls } = structuredContent as { readonly calls: readonly Call[] };
      return calls.find(({ tool }) => tool === "relativeMove");
    };
    await expect
      .poll(cancelledCall, { timeout: 30_000 })
      .toMatchObject({ state: "cancelled", outcome: { status: "cancelled" } });
    const moved = (await cancelledCall())?.outcome?.moved as number;
    const { pose, collisions } = await app.Go2Connection.groundTruth();
    expect(Math.abs(moved - planarDistance(from, pose))).toBeLessThan(0.15);
    expect(collisions).toBe(0);
    const later = watch.moments.slice(seen).filter(({ speed }) => speed > STANDING_M_PER_S);
    expect(later, "it moved again").toEqual([]);
  },
);

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
