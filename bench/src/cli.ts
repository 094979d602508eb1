import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModuleCoordinator } from "@dimos/core";
import { type Contender, timed } from "./compare.ts";
import type { BenchContext } from "./context.ts";
import { Cold, Steady } from "./recovery-modules.ts";
import type { Table } from "./report.ts";
import { timedTable } from "./timed-table.ts";

const DIMOS = fileURLToPath(new URL("../../packages/cli/bin/dimos.js", import.meta.url));
const ROBOT = `${fileURLToPath(new URL("./three-modules.ts", import.meta.url))}#robot`;
const OLD_RUNS = 1_000;
const GLOBALS = { consoleLevel: "silent", logLevel: "error" } as const;

/** What an operator waits for: the command beside a Node that does nothing, and a daemon beside what it is made of. */
export async function benchCli(context: BenchContext): Promise<readonly Table[]> {
  const directory = mkdtempSync(join(tmpdir(), "dimos-bench-"));
  try {
    return [
      await startUp(directory, context),
      await status(directory, context),
      await oldRuns(directory, context),
      await daemon(directory, context),
    ];
  } finally {
    // What a bench that failed has left running.
    await run(directory, ["stop", "--all", "--force"]).catch(() => undefined);
    rmSync(directory, { recursive: true, force: true });
  }
}

function startUp(directory: string, context: BenchContext): Promise<Table> {
  const commands = [["--version"], ["complete", "--", "st"], ["list"]];
  const contenders = [node(), ...commands.map((args) => dimos(directory, args))];
  return timedTable("The command's own start", contenders, context);
}

async function status(directory: string, context: BenchContext): Promise<Table> {
  for (const name of ["one", "two", "three"]) await run(directory, ["run", ROBOT, "--daemon", "--name", name]);
  const contenders = [node(), dimos(directory, ["status"])];
  const table = await timedTable("Status of three runs of three modules each", contenders, context);
  await run(directory, ["stop", "--all"]);
  return table;
}

/** What a thousand ended runs leave behind, beside an empty state directory. */
function oldRuns(directory: string, context: BenchContext): Promise<Table> {
  const many = join(directory, "many");
  mkdirSync(join(many, "runs"), { recursive: true });
  for (let index = 0; index < OLD_RUNS; index++) {
    const runId = `20260101-000000-${String(index).padStart(3, "0")}-old-${index}`;
    const entry = { runId, name: "old", pid: 1, startedAt: index, endedAt: index, state: "stopped", argv: ["x"] };
    writeFileSync(join(many, "runs", `${runId}.json`), JSON.stringify(entry, undefined, 2));
  }
  const none = { ...dimos(join(directory, "none"), ["status"], 3), name: "dimos status, no runs" };
  const all = { ...dimos(many, ["status"], 3), name: `dimos status, ${OLD_RUNS} ended runs` };
  return timedTable("Status with many ended runs", [none, all], context);
}

async function daemon(directory: string, context: BenchContext): Promise<Table> {
  await using system = await ModuleCoordinator.build(Steady.blueprint(), { globals: GLOBALS });
  const version = dimos(directory, ["--version"]);
  const cold = timed("", async () => {
    await system.loadBlueprint(Cold.blueprint());
    await system.call("Cold", "pid", []);
  });
  const parts: Contender = {
    name: "one module on a new worker, until it answers; then dimos --version",
    run: async () => {
      const ms = ((await cold.run()).ms as number) + ((await version.run()).ms as number);
      await system.unloadModule("Cold");
      return { ms };
    },
  };
  const toReadiness = timed("", () => run(directory, ["run", ROBOT, "--daemon"]));
  const ready: Contender = {
    name: "dimos run --daemon of three modules, to readiness",
    run: async () => {
      const figures = await toReadiness.run();
      await run(directory, ["stop"]);
      return figures;
    },
  };
  return await timedTable("A daemon beside what it is made of", [parts, ready], context);
}

function node(): Contender {
  return timed("node -e 0", () => program(["-e", "0"], {}, 0));
}

function dimos(directory: string, args: readonly string[], exitCode = 0): Contender {
  return timed(`dimos ${args.join(" ")}`, () => run(directory, args, exitCode));
}

function run(directory: string, args: readonly string[], exitCode = 0): Promise<void> {
  return program([DIMOS, ...args], { DIMOS_STATE_DIR: directory, XDG_RUNTIME_DIR: directory }, exitCode);
}

async function program(args: readonly string[], env: NodeJS.ProcessEnv, exitCode: number): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: "ignore", env: { ...process.env, ...env } });
  const [code] = await once(child, "exit");
  if (code !== exitCode) throw new Error(`${args.join(" ")} ended with ${code}, not ${exitCode}`);
}
