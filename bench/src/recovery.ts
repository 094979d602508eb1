import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { autoconnect, ModuleCoordinator } from "@dimos/core";
import { shown } from "./column.ts";
import type { Contender, Figures } from "./compare.ts";
import type { BenchContext } from "./context.ts";
import { Cold, Small, Steady } from "./recovery-modules.ts";
import { type Row, single, type Table } from "./report.ts";
import { start, WORKER } from "./start.ts";
import { timedTable } from "./timed-table.ts";

const SIZES = [10, 30, 100];
const READ_INTERVAL_MS = 5;
const NOTE =
  "The crash is the first one, which has no back-off. The last row is the bare start of a worker process in the same rounds.";
const GLOBALS = { consoleLevel: "silent", logLevel: "error" } as const;

/** How long a module is away when its worker is killed and when it is restarted, beside a start from nothing. */
export async function benchRecovery(context: BenchContext): Promise<readonly Table[]> {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-"));
  try {
    return [await recovery(directory, context), await loads(context)];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function recovery(directory: string, context: BenchContext): Promise<Table> {
  await using system = await ModuleCoordinator.build(Steady.blueprint(), { globals: GLOBALS });
  const pid = () => system.call("Steady", "pid", []) as Promise<number>;
  await pid();
  const contenders: Contender[] = [
    { name: "cold start: a module loaded on a new worker, until it answers", run: () => inMs(() => coldStart(system)) },
    { name: "kill -9 → the module answers again", run: () => inMs(() => killed(system, pid)) },
    { name: "hot restart: longest wait between two answers", run: () => inMs(() => pauseOfRestart(system, pid)) },
    { name: "hot restart, start to end", run: () => inMs(() => timed(() => system.restartModule("Steady"))) },
    start("a worker alone, fork → ready", WORKER, 1, directory),
  ];
  return await timedTable("A module that goes and comes back", contenders, context, NOTE);
}

async function coldStart(system: ModuleCoordinator): Promise<number> {
  const tookMs = await timed(async () => {
    await system.loadBlueprint(Cold.blueprint());
    await system.call("Cold", "pid", []);
  });
  await system.unloadModule("Cold");
  return tookMs;
}

async function killed(system: ModuleCoordinator, pid: () => Promise<number>): Promise<number> {
  // The budget of crashes begins anew, so that there is no back-off in the figure.
  await system.restartModule("Steady");
  const before = await pid();
  return timed(async () => {
    process.kill(before, "SIGKILL");
    while ((await pid().catch(() => before)) === before) await sleep(1);
  });
}

async function pauseOfRestart(system: ModuleCoordinator, pid: () => Promise<number>): Promise<number> {
  let isOver = false;
  const restart = system.restartModule("Steady").finally(() => {
    isOver = true;
  });
  let longestMs = 0;
  let lastMs = performance.now();
  while (!isOver) {
    const isAnswered = await pid().then(
      () => true,
      () => false,
    );
    longestMs = Math.max(longestMs, performance.now() - lastMs);
    if (isAnswered) lastMs = performance.now();
    await sleep(1);
  }
  await restart;
  return longestMs;
}

/** Time to load many modules on eight workers, and how long readers wait meanwhile. */
async function loads(context: BenchContext): Promise<Table> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    context.progress(`load of ${size} modules`);
    rows.push(single(`${size} modules`, await load(size)));
  }
  return {
    title: "Load on eight workers, while `listModules` is asked every 5 ms",
    note: "Once each. Most of a load is the start of eight workers.",
    rounds: 1,
    peer: null,
    columns: [
      shown("ms", "load ms"),
      shown("perModuleMs", "ms per module", 1),
      shown("reads", "reads meanwhile"),
      shown("longestReadMs", "longest read, with wait ms"),
    ],
    rows,
  };
}

async function load(size: number): Promise<Figures> {
  const all = Array.from({ length: size }, (_, index) => Small.blueprint().namespace(`m${index}`));
  let longestReadMs = 0;
  let reads = 0;
  await using system = await ModuleCoordinator.build(Cold.blueprint(), { globals: { ...GLOBALS, nWorkers: 8 } });
  const startedMs = performance.now();
  let isOver = false;
  const over = system.loadBlueprint(autoconnect(...all)).finally(() => {
    isOver = true;
  });
  let dueMs = performance.now();
  while (!isOver) {
    system.listModules();
    reads++;
    longestReadMs = Math.max(longestReadMs, performance.now() - dueMs);
    dueMs = performance.now() + READ_INTERVAL_MS;
    await sleep(READ_INTERVAL_MS);
  }
  await over;
  const ms = performance.now() - startedMs;
  return { ms, perModuleMs: ms / size, reads, longestReadMs };
}

async function inMs(measure: () => Promise<number>): Promise<Figures> {
  return { ms: await measure() };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
