import { DimosError, didYouMean } from "@dimos/core";

/** Codes of the errors of this package, and what each means. */
export type McpErrorCode =
  | "UNKNOWN_TOOL" // no module of the run has a skill of that name
  | "MCP_TOKEN_MISSING" // others could reach the server, and it would let them in
  | "MCP_PORT_IN_USE"; // another program listens where the server is told to

/** A name that a stranger gave is quoted this far. */
const QUOTED_CHARACTERS = 100;

/** A name as it stands in a sentence. */
function quoted(name: string): string {
  return JSON.stringify(name.length > QUOTED_CHARACTERS ? `${name.slice(0, QUOTED_CHARACTERS)}…` : name);
}

export class UnknownToolError extends DimosError {
  constructor(name: string, known: readonly string[]) {
    super("UNKNOWN_TOOL" satisfies McpErrorCode, `There is no tool ${quoted(name)}.${didYouMean(name, known)}`);
  }
}

export class MissingTokenError extends DimosError {
  constructor(instance: string, host: string) {
    super(
      "MCP_TOKEN_MISSING" satisfies McpErrorCode,
      `${instance} would listen on ${host}, where others can reach it: it needs accessToken, 16 characters or more (DIMOS_MCP_SERVER__ACCESS_TOKEN). Or let it listen on 127.0.0.1`,
    );
  }
}

export class McpPortInUseError extends DimosError {
  constructor(host: string, port: number, cause: unknown) {
    super(
      "MCP_PORT_IN_USE" satisfies McpErrorCode,
      `Port ${port} of ${host} is in use by another program. ${PORT_REMEDY}`,
      {
        cause,
      },
    );
  }
}

/** What to do about a port that is taken. */
export const PORT_REMEDY = "Choose another with --mcp-port, or let the system choose with --mcp-port 0";
