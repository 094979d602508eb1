import type { RunEntry } from "@dimos/core/runs";
import { CliError } from "../errors.ts";
import { chooseLiveRun, nameOf, openRegistry } from "./choose-run.ts";
import { McpHttp } from "./mcp-http.ts";
import { RunClient } from "./run-client.ts";

export interface McpConnection {
  readonly run: RunEntry;
  /** Instance name of the server's module. */
  readonly instance: string;
  readonly http: McpHttp;
}

/** The server for agents of the run that is meant: the run itself says where it listens. */
export async function connectMcp(wanted: string | undefined): Promise<McpConnection> {
  return mcpOf(chooseLiveRun(openRegistry(), wanted));
}

/** Tools of all runs, for completion: nothing of a run that does not answer. */
export async function toolNames(): Promise<readonly string[]> {
  const names = openRegistry()
    .alive()
    .map(async (run) => (await (await mcpOf(run)).http.listTools()).map(({ name }) => name));
  const answered = await Promise.allSettled(names);
  return answered.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
}

async function mcpOf(run: RunEntry): Promise<McpConnection> {
  await using client = await RunClient.connect(run);
  const { modules } = await client.directory();
  const server = modules.find(
    ({ className, description }) =>
      className === "McpServer" && description.rpcs.some(({ name }) => name === "connection"),
  );
  if (server === undefined) {
    const names = [...run.blueprints, "mcp-server"].join(" ");
    // A run of a program has no names that a command could start it by.
    const remedy = run.blueprints.length === 0 ? 'app.run("mcp-server") in its program' : `dimos run ${names}`;
    throw new CliError("NO_MCP_SERVER", `${nameOf(run)} has no McpServer. Start it with one: ${remedy}`);
  }
  const { url } = (await client.call(server.instance, "connection", [])) as { readonly url?: string };
  if (url === undefined)
    throw new CliError(
      "NO_MCP_SERVER",
      `${server.instance} of ${nameOf(run)} is not up yet: dimos status shows how it is doing`,
    );
  const { accessToken } = (await client.read(server.instance, ["config"])) as { readonly accessToken?: string };
  return { run, instance: server.instance, http: new McpHttp(url, accessToken) };
}
