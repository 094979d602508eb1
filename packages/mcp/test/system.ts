import { type Blueprint, type GlobalConfigInput, ModuleCoordinator } from "@dimos/core";
import {
  Client,
  type ClientOptions,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from "@modelcontextprotocol/client";

export function run(blueprint: Blueprint, globals: GlobalConfigInput = {}): Promise<ModuleCoordinator> {
  return ModuleCoordinator.build(blueprint, {
    globals: { consoleLevel: "silent", stopTimeoutMs: 3000, mcpPort: 0, ...globals },
  });
}

export async function urlOf(running: ModuleCoordinator): Promise<string> {
  const { url } = (await running.call("McpServer", "connection", [])) as { readonly url: string };
  return url;
}

export const ERAS = { "2026-07-28": { mode: { pin: "2026-07-28" } }, "2025-11-25": { mode: "legacy" } } as const;
export type Era = keyof typeof ERAS;

export async function connectClient(
  url: string,
  era: Era = "2026-07-28",
  options: ClientOptions = {},
  transport: StreamableHTTPClientTransportOptions = {},
): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: ERAS[era], ...options });
  await client.connect(new StreamableHTTPClientTransport(new URL(url), transport));
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

interface Recorded {
  readonly tool: string;
}

/** How the newest call of a tool stands in `server_status`, where each look at it is a call as well. */
export async function recordOf(client: Client, tool: string): Promise<Recorded | undefined> {
  const { structuredContent } = await client.callTool({ name: "server_status" });
  return (structuredContent as { readonly calls: readonly Recorded[] }).calls.find((call) => call.tool === tool);
}
