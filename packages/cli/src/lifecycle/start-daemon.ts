import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureStateDirectory } from "@dimos/core/runs";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { formatRecord } from "../output/log-line.ts";
import { Paint } from "../output/paint.ts";
import { print, say } from "../output/print.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { type DaemonMessage, OUTPUT_VARIABLE, STARTER_VARIABLE } from "./daemon-link.ts";
import { startRemarks } from "./start-remarks.ts";

/** Starts this same command line again in a process of its own, and returns when that is ready or has failed. */
export async function startDaemon(signal: AbortSignal, remark: string | undefined): Promise<ExitCode> {
  const output = openOutput();
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    stdio: ["ignore", output.descriptor, output.descriptor, "ipc"],
    env: { ...process.env, [STARTER_VARIABLE]: String(process.pid), [OUTPUT_VARIABLE]: output.path },
  });
  closeSync(output.descriptor);
  const interrupt = () => child.kill((signal.reason as Error).message as NodeJS.Signals);
  signal.addEventListener("abort", interrupt);
  const progress = new ProgressLine(process.stderr);
  let outcome: Outcome | undefined;
  let logDirectory: string | undefined;
  child.on("message", (message: DaemonMessage) => {
    if (message.type === "progress") {
      logDirectory = message.log;
      progress.show(message.text);
    } else outcome = message;
    if (message.type === "ready") child.disconnect();
  });
  const { promise: settled, resolve: settle } = Promise.withResolvers<string>();
  child.once("error", (error) => settle(error.message));
  child.once("exit", (code, killed) => settle(killed === null ? `exit code ${code}` : killed));
  child.once("disconnect", () => outcome?.type === "ready" && settle(""));
  const end = await settled;
  signal.removeEventListener("abort", interrupt);
  progress.clear();
  child.unref();
  if (outcome?.type === "ready") {
    const { run, summary } = outcome;
    const paint = new Paint(process.stderr);
    for (const record of startRemarks(run.logDirectory)) process.stderr.write(formatRecord(record, paint));
    say(summary);
    await print(`run ${run.runId}\npid ${run.pid}\nlog ${run.logDirectory}\n`);
    return EXIT.ok;
  }
  const printed = readOutput(logDirectory === undefined ? output.path : join(logDirectory, "output.log"));
  rmSync(output.path, { force: true });
  if (outcome === undefined) say(`${printed}Error: The daemon ended before it was ready (${end})`);
  else say(outcome.error);
  if (logDirectory !== undefined) say(`Its log: ${logDirectory}`);
  if (remark !== undefined) say(remark);
  return remark === undefined && outcome !== undefined ? (outcome.exitCode as ExitCode) : EXIT.failed;
}

type Outcome = Exclude<DaemonMessage, { readonly type: "progress" }>;

/** Standard output and error of the daemon, for what no logger gets: prints of modules, and crashes of the runtime. */
function openOutput(): { readonly path: string; readonly descriptor: number } {
  const directory = join(ensureStateDirectory(process.env), "logs");
  const path = join(directory, `.starting-${process.pid}-${Date.now()}.log`);
  return { path, descriptor: openSync(path, "a", 0o600) };
}

function readOutput(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It had come to nothing yet.
    return "";
  }
}
