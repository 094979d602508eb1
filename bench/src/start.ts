import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Contender } from "./compare.ts";
import type { BenchContext } from "./context.ts";
import { startOfPorts } from "./port-start.ts";
import type { Table } from "./report.ts";
import { timedTable } from "./timed-table.ts";

const EMPTY = fileURLToPath(new URL("./peers/empty.js", import.meta.url));
/** The file of a worker process. */
export const WORKER = workerFile(import.meta.resolve("@dimos/core"));

/** From `fork` to a worker that is ready for requests, and from the order to a module that answers. */
export async function benchStart(context: BenchContext): Promise<readonly Table[]> {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-"));
  const workers = (count: number) => [
    start("bare fork", EMPTY, count, directory),
    start("dimos worker", WORKER, count, directory),
  ];
  try {
    return [
      await timedTable("Start of one worker (fork → ready)", workers(1), context),
      await timedTable("Start of eight workers at once", workers(8), context),
      await startOfPorts(context),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Forks this many processes, and waits for the first message of each. */
export function start(name: string, file: string, count: number, directory: string): Contender {
  const options = {
    name: "bench",
    runId: "bench",
    socketDirectory: directory,
    logDirectory: directory,
    logLevel: "error",
    consoleLevel: "silent",
    validate: false,
    debugCalls: false,
  };
  const run = async () => {
    const startedMs = performance.now();
    const children = Array.from({ length: count }, () =>
      fork(file, [], {
        serialization: "advanced",
        env: { ...process.env, DIMOS_WORKER_OPTIONS: JSON.stringify(options) },
      }),
    );
    await Promise.all(children.map((child) => once(child, "message")));
    const tookMs = performance.now() - startedMs;
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, "exit")));
    return { ms: tookMs };
  };
  return { name, run };
}

/** Beside the entry of the package: compiled, or the sources that tests run on. */
function workerFile(core: string): string {
  return fileURLToPath(new URL(`./worker/main${extname(core)}`, core));
}
