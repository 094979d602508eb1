import type { Mutant } from "../mutant.ts";

const HTTP = "packages/mcp/src/http";

/** Who may drive the robot over MCP, and with how much. */
export const mutants: readonly Mutant[] = [
  {
    file: "packages/mcp/src/mcp-server.ts",
    find: ".min(16)",
    replace: ".min(1)",
    wrong: "agents of strangers are let in with a token of one character",
    tests: [`${HTTP}/http-server.test.ts`],
  },
  {
    file: `${HTTP}/sessions.ts`,
    find: "const MAX_SESSIONS = 64;",
    replace: "const MAX_SESSIONS = 6400;",
    wrong: "a client that begins session after session fills the memory of the robot",
    tests: [`${HTTP}/session-transport.test.ts`],
  },
  {
    file: `${HTTP}/sessions.ts`,
    find: "this.#sessions.size >= MAX_SESSIONS && this.#oldestIdle() === undefined",
    replace: "false",
    wrong: "sessions are without a bound as long as each has a call under way",
    tests: [`${HTTP}/session-transport.test.ts`],
  },
];
