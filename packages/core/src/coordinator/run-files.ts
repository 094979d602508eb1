import { rmSync } from "node:fs";
import { join } from "node:path";
import { globalFields } from "../config/fields.ts";
import type { GlobalConfig } from "../config/global-config.ts";
import { maskSecrets } from "../config/secrets.ts";
import { createSocketDirectory, newRunId } from "../directories.ts";
import { openRunLog, type RunLog } from "../log/run-log.ts";
import { ensureStateDirectory } from "../runs/ensure-state-directory.ts";
import { RunRegistry } from "../runs/run-registry.ts";
import { controlEndpoint } from "../worker/socket-paths.ts";
import { RunRecord } from "./run-record.ts";

/** What a run has on the disk. */
export interface RunFiles {
  readonly runId: string;
  readonly logDirectory: string;
  readonly log: RunLog;
  readonly socketDirectory: string;
  /** Its own file, for whoever looks for runs. */
  readonly record: RunRecord;
}

/** Opens the files of a new run. When its own file cannot be written, no directory for sockets is left. */
export function openRunFiles(
  name: string,
  blueprints: readonly string[],
  config: GlobalConfig,
  env: Readonly<Record<string, string | undefined>>,
): RunFiles {
  const state = ensureStateDirectory(env);
  const runId = newRunId(name);
  const logDirectory = join(state.path, "logs", runId);
  const { logLevel, consoleLevel } = config;
  const log = openRunLog({ runId, logDirectory, logLevel, consoleLevel, process: "coordinator", fields: {} });
  if (state.risk !== undefined) log.warn(`${state.risk.text}: ${state.risk.remedy}`);
  const socketDirectory = createSocketDirectory(env);
  const endpoint = controlEndpoint(socketDirectory);
  const plan = { runId, name, blueprints, config: maskSecrets(config, globalFields()), endpoint, logDirectory };
  try {
    const record = new RunRecord(new RunRegistry(state.path), plan, env, (error) =>
      log.warn("The run's own file cannot be written; the run goes on", { err: error }),
    );
    return { runId, logDirectory, log, socketDirectory, record };
  } catch (error) {
    rmSync(socketDirectory, { recursive: true, force: true });
    throw error;
  }
}
