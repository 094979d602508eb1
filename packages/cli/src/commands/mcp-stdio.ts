import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { RemoteCoordinator, workingDirectory } from "@dimos/core";
import { chooseLiveRun, nameOf, openRegistry } from "../connection/choose-run.ts";
import { CliError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { say } from "../output/print.ts";

type McpPackage = typeof import("@dimos/mcp");

/** `dimos mcp stdio [RUN]`: standard output carries the protocol, and nothing else. */
export async function serveStdio(wanted: string | undefined, signal: AbortSignal): Promise<ExitCode> {
  const entry = chooseLiveRun(openRegistry(), wanted);
  const { serveRunOnStdio } = await importMcp();
  const onError = (error: unknown) => say(`Warning: ${error instanceof Error ? error.message : String(error)}`);
  await using run = await RemoteCoordinator.connect(entry.endpoint, { onError });
  const reason = await serveRunOnStdio(run, { signal, onError });
  if (reason !== "run ended") return EXIT.ok;
  say(`${nameOf(entry)} has ended. Start it again, then connect again`);
  return EXIT.notRunning;
}

/** Optional beside this command: found where the command is installed, or in the project at hand. */
async function importMcp(): Promise<McpPackage> {
  try {
    return await import("@dimos/mcp");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
  }
  const project = createRequire(join(workingDirectory(), "package.json"));
  try {
    return (await import(pathToFileURL(project.resolve("@dimos/mcp")).href)) as McpPackage;
  } catch (error) {
    throw new CliError(
      "MCP_NOT_INSTALLED",
      "dimos mcp stdio needs the package @dimos/mcp: npm install @dimos/mcp",
      error,
    );
  }
}
