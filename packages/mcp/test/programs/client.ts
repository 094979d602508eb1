import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

// An agent that walks and says what came of it: `client.ts http URL`, or `client.ts stdio ENDPOINT`.
const [how, address] = process.argv.slice(2) as [string, string];
const server = fileURLToPath(new URL("./stdio.ts", import.meta.url));
const transport =
  how === "http"
    ? new StreamableHTTPClientTransport(new URL(address))
    : new StdioClientTransport({
        command: process.execPath,
        args: ["--conditions=@dimos/source", server, address],
      });
const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "legacy" } });
await client.connect(transport);
const { content } = await client.callTool({ name: "move", arguments: { forward: 1, slowly: true } });
process.send?.(content);
await client.close();
process.disconnect();
