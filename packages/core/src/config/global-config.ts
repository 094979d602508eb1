import { z } from "zod";
import { TRANSPORTS } from "../transport.ts";

/** As browsers write it: no path, no default port, no wildcard. Extensions have schemes of their own. */
function isOrigin(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@*\s]+$/.test(text) || !URL.canParse(text)) return false;
  return !/^https?:/.test(text) || new URL(text).origin === text;
}

/** Settings of one run, frozen once resolved. Each coordinator has its own. */
export const GlobalConfigSchema = z.strictObject({
  nWorkers: z
    .number()
    .int()
    .min(0)
    .max(64)
    .default(2)
    .describe("worker processes shared by modules; 0 runs everything in one process"),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info").describe("least level written to the run's log"),
  consoleLevel: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("warn")
    .describe("least level also written to standard error"),
  stopTimeoutMs: z
    .number()
    .int()
    .min(100)
    .default(10_000)
    .describe("deadline of stop, milliseconds; what is left then is killed"),
  clock: z
    .enum(["wall", "simulation"])
    .default("wall")
    .describe("simulation: time passes as fast as the work allows; only with nWorkers 0"),
  strict: z.boolean().default(false).describe("refuse a blueprint with inputs that nothing publishes to"),
  transport: z
    .enum(TRANSPORTS)
    .default("auto")
    .describe(
      "between workers: auto shares memory for large messages where it can, shared-memory must, socket never does",
    ),
  listen: z.string().optional().describe("also serve clients over TCP, as in ws://127.0.0.1:7447; needs a token"),
  token: z.string().min(16).optional().meta({ secret: true }).describe("what clients over TCP have to show"),
  callToken: z
    .string()
    .min(16)
    .optional()
    .meta({ secret: true })
    .describe("a second token, for clients over TCP that may call methods and skills and nothing else"),
  mcpHost: z
    .string()
    .default("127.0.0.1")
    .describe("address that McpServer listens on; any other than this host's own needs a token"),
  mcpPort: z
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe("port of McpServer; 0: any free one. Without it 9990, or a free one when that is taken"),
  mcpOrigins: z
    .array(z.string().refine(isOrigin, "is not an origin: scheme, name and port, as in http://localhost:5173"))
    .default([])
    .describe('origins of pages that may use McpServer, as in ["http://localhost:5173"]; programs have none'),
  debugCalls: z.boolean().default(false).describe("allow calling undeclared methods through deep paths"),
});

export type GlobalConfig = Readonly<z.output<typeof GlobalConfigSchema>>;
export type GlobalConfigInput = z.input<typeof GlobalConfigSchema>;
