import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FileError } from "@dimos/core";
import { ensureStateDirectory, fileFault } from "@dimos/core/runs";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { LogPrinter } from "../output/log-line.ts";
import { Paint } from "../output/paint.ts";
import { print, say, sayNow } from "../output/print.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { type Shown, shown, shownLines } from "../output/shown.ts";
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
  const progress = new ProgressLine();
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
    const printer = new LogPrinter(new Paint(process.stderr), Date.now());
    for (const record of startRemarks(run.logDirectory)) sayNow(printer.show(record));
    say(summary);
    await print(shown`run ${run.runId}\npid ${run.pid}\nlog ${run.logDirectory}\n`);
    return EXIT.ok;
  }
  const printed = readOutput(logDirectory === undefined ? output.path : join(logDirectory, "output.log"));
  rmSync(output.path, { force: true });
  if (outcome === undefined) say(shown`${printed}Error: The daemon ended before it was ready (${end})`);
  // Its lines are indented already.
  else say(shownLines(outcome.error));
  if (logDirectory !== undefined) say(`Its log: ${logDirectory}`);
  if (remark !== undefined) say(remark);
  return remark === undefined && outcome !== undefined ? (outcome.exitCode as ExitCode) : EXIT.failed;
}

type Outcome = Exclude<DaemonMessage, { readonly type: "progress" }>;

/** Standard output and error of the daemon, for what no logger gets: prints of modules, and crashes of the runtime. */
function openOutput(): { readonly path: string; readonly descriptor: number } {
  const directory = join(ensureStateDirectory(process.env).path, "logs");
  const path = join(directory, `.starting-${process.pid}-${Date.now()}.log`);
  try {
    return { path, descriptor: openSync(path, "a", 0o600) };
  } catch (error) {
    throw new FileError(`The log directory ${directory} cannot be written: ${fileFault(error)}`, error);
  }
}

/** Indented: it may hold anything. */
function readOutput(path: string): Shown {
  try {
    const text = readFileSync(path, "utf8").trimEnd();
    return text === "" ? shown`` : shown`  ${shownLines(text, "  ")}\n`;
  } catch {
    // It had come to nothing yet.
    return shown``;
  }
}
