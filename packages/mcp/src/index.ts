export { type McpErrorCode, McpPortInUseError, MissingTokenError, UnknownToolError } from "./errors.ts";
export { McpServer } from "./mcp-server.ts";
export { type StdioOptions, serveRunOnStdio } from "./serve-stdio.ts";
