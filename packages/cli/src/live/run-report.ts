import { statfsSync } from "node:fs";
import { endReasonOf, isRunAlive, type ModuleStatus, type RunEntry, type RunHealth } from "@dimos/core/runs";
import { formatDuration } from "../arguments/durations.ts";
import { RunClient } from "../connection/run-client.ts";
import type { Paint } from "../output/paint.ts";
import { joined, type Part, type Shown, shown } from "../output/shown.ts";

/** With less free, the next line may be the first that is lost. */
const MIN_FREE_BYTES = 4096;

/** What `status` says of a run; as it stands, its JSON. */
export interface RunReport {
  readonly runId: string;
  readonly name: string;
  /** `unresponsive`: alive, and does not answer. `crashed`: its process ended without a word. */
  readonly state: RunEntry["state"] | "unresponsive" | "crashed";
  readonly health: RunHealth["state"] | undefined;
  readonly pid: number;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly uptimeMs: number | undefined;
  /** Why it ended. */
  readonly reason: string | undefined;
  readonly blueprints: readonly string[];
  readonly cwd: string;
  readonly endpoint: string;
  readonly logDirectory: string;
  readonly modules: readonly Pick<ModuleStatus, "instance" | "className" | "state" | "restarts" | "worker" | "pid">[];
  readonly workers: RunHealth["workers"];
  /** Why all motion is refused, while it is. */
  readonly estop: { readonly reason: string; readonly since: number } | undefined;
  /** Skills that cannot be called, each with the reason. */
  readonly unofferedSkills: readonly string[];
  /** No line can be added to its log. */
  readonly isDiskFull: boolean;
}

export async function reportOf(run: RunEntry, nowMs: number = Date.now()): Promise<RunReport> {
  const { runId, name, pid, startedAt, endedAt, blueprints, cwd, endpoint, logDirectory } = run;
  const isDiskFull = isFull(logDirectory);
  const base = { isDiskFull, runId, name, pid, startedAt, endedAt, blueprints, cwd, endpoint, logDirectory };
  const nothing = {
    health: undefined,
    uptimeMs: undefined,
    modules: [],
    workers: [],
    estop: undefined,
    unofferedSkills: [],
  };
  if (!isRunAlive(run)) {
    const isCrashed = run.state !== "stopped" && run.state !== "failed";
    return { ...base, ...nothing, state: isCrashed ? "crashed" : run.state, reason: endReasonOf(run) };
  }
  const uptimeMs = nowMs - startedAt;
  try {
    await using client = await RunClient.connect(run);
    const [directory, health] = await Promise.all([client.directory(), client.health()]);
    const modules = directory.modules.map(({ instance, className, state, restarts, worker, pid: of }) => ({
      instance,
      className,
      state,
      restarts,
      worker,
      pid: of,
    }));
    const { state, workers } = health;
    const estop = health.estop.latched ? health.estop : undefined;
    const unofferedSkills = directory.modules.flatMap(({ instance, description }) =>
      description.unoffered.map(
        ({ name, reason, remedy }) => `${instance}.${name}: in its input, ${reason}. ${remedy}`,
      ),
    );
    const found = { health: state, modules, workers, estop, unofferedSkills };
    return { ...base, ...found, state: run.state, uptimeMs, reason: undefined };
  } catch {
    // It ends just now, has not come so far yet, or hangs: its file says what it was at.
    const state = run.state === "running" ? "unresponsive" : run.state;
    return { ...base, ...nothing, uptimeMs, state, reason: undefined };
  }
}

function isFull(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize < MIN_FREE_BYTES;
  } catch {
    // It is gone, or there never was one.
    return false;
  }
}

export function describeReport(report: RunReport, nowMs: number, paint: Paint): Shown {
  const { name, runId, state, health, pid, modules, workers } = report;
  const words: Part[] = [paint.state(health === "degraded" ? "degraded" : state)];
  if (report.uptimeMs !== undefined) words.push(`pid ${pid}`, `up ${formatDuration(report.uptimeMs)}`);
  else words.push(`${formatDuration(nowMs - (report.endedAt ?? report.startedAt))} ago`);
  const lines = [shown`${paint.bold(name)}  ${joined(words, "  ")}`, shown`  run ${runId}`];
  const names = report.blueprints.join(" ");
  if (names !== "" && names !== name) lines.push(shown`  blueprints ${names}`);
  if (report.reason !== undefined) lines.push(shown`  reason ${report.reason}`);
  lines.push(shown`  log ${report.logDirectory}`);
  if (report.isDiskFull) lines.push(shown`  ${paint.state("failed")} its disk is full: lines of the log are lost`);
  if (report.estop !== undefined) {
    const { reason, since } = report.estop;
    lines.push(shown`  ${paint.state("emergency stop")} ${formatDuration(nowMs - since)} ago: ${reason}`);
  }
  for (const worker of workers) {
    const hosted = modules
      .filter((module) => module.worker === worker.name)
      .map((module) => describeModule(module, paint));
    const memory = worker.rssBytes > 0 ? `  ${Math.round(worker.rssBytes / 2 ** 20)} MiB` : "";
    const hold = worker.hold.held
      ? shown`  ${paint.state("held")} ${formatDuration(worker.hold.heldMs)}: ${worker.hold.reason}`
      : "";
    const state = worker.state === "responsive" ? "" : shown`  ${paint.state(worker.state)}`;
    lines.push(shown`  ${worker.name}  pid ${worker.pid}${memory}${state}${hold}  ${joined(hosted, ", ")}`);
  }
  // A run that an older version has started does not count them.
  for (const { memoryFaults } of workers)
    for (const [topic, faults] of Object.entries(memoryFaults ?? {}))
      lines.push(shown`  ${describeFaults(topic, faults, paint)}`);
  const adrift = modules.filter(({ worker }) => !workers.some((known) => known.name === worker));
  for (const module of adrift) lines.push(shown`  ${describeModule(module, paint)}`);
  for (const reason of report.unofferedSkills) lines.push(shown`  ${paint.state("not offered")} ${reason}`);
  return shown`${joined(lines, "\n")}\n`;
}

/** Large messages are slower than they could be, and something is wrong with a process that nobody sees otherwise. */
function describeFaults(topic: string, faults: number, paint: Paint): Shown {
  const often = `${faults} ${faults === 1 ? "time" : "times"}`;
  return shown`${paint.state("degraded")} shared memory of ${topic} was written over ${often}, see the log: MEMORY_FAULT`;
}

function describeModule({ instance, state, restarts }: RunReport["modules"][number], paint: Paint): Shown {
  const often = restarts > 0 ? ` (${restarts} ${restarts === 1 ? "restart" : "restarts"})` : "";
  return shown`${instance}${state === "running" ? "" : shown` ${paint.state(state)}`}${often}`;
}
