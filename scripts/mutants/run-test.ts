import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { removeFolder } from "./copy.ts";
import { type Ending, endingOf, reasonOf, type VitestReport } from "./verdict.ts";

/** A folder with a copy of the repository, and a folder for what tests write. */
export interface Copy {
  readonly root: string;
  readonly scratch: string;
  /** What was built of these sources before, in this copy or another. */
  readonly buildCache: string;
}

export interface TestRun {
  readonly ending: Ending;
  /** Why it did not pass, or the end of what vitest has printed. */
  readonly reason: string;
}

const PACKAGE = /^(?:packages|apps)\/[^/]+\/|^bench\//;
const OUTPUT_CHARS = 4000;

/** Runs one test file in the copy until its first failure, and leaves no process and no file behind. */
export async function runTest(copy: Copy, test: string, timeoutMs: number, signal: AbortSignal): Promise<TestRun> {
  signal.throwIfAborted();
  const folder = PACKAGE.exec(test)?.[0] ?? "";
  const temporary = join(copy.scratch, "t");
  const report = join(copy.scratch, "report.json");
  removeFolder(report);
  mkdirSync(temporary, { recursive: true });
  const vitest = [join(copy.root, "node_modules/vitest/vitest.mjs"), "run", "--root", "."];
  const options = ["--config", join(copy.root, "vitest.config.ts"), "--bail", "1", "--reporter=json"];
  const args = [...vitest, ...options, `--outputFile=${report}`, relative(folder, test)];
  const child = spawn(process.execPath, args, {
    cwd: join(copy.root, folder),
    env: environment(copy, temporary),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-OUTPUT_CHARS);
    });
  const exited = once(child, "exit");
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const end = () => killGroup(child.pid);
  deadline.addEventListener("abort", end, { once: true });
  let exitCode: number | null = null;
  try {
    [exitCode] = await exited;
  } finally {
    deadline.removeEventListener("abort", end);
    killGroup(child.pid);
    killAllOf(copy);
    removeFolder(temporary);
  }
  signal.throwIfAborted();
  if (deadline.aborted && !existsSync(report)) return { ending: "timeout", reason: output };
  const result = readReport(report);
  return { ending: endingOf(result, exitCode), reason: reasonOf(result) ?? output };
}

function environment(copy: Copy, temporary: string): NodeJS.ProcessEnv {
  const { TURBO_HASH: _, ...env } = process.env;
  return {
    ...env,
    PATH: `${join(copy.root, "node_modules/.bin")}:${env.PATH}`,
    TMPDIR: temporary,
    TURBO_CACHE_DIR: copy.buildCache,
    // The copy shares its third-party packages with the original: pnpm must not look after them.
    pnpm_config_verify_deps_before_run: "false",
  };
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left of it.
  }
}

/** Daemons, builds and what modules start have groups of their own, but all have the copy in their PATH. */
function killAllOf(copy: Copy): void {
  if (process.platform !== "linux") return;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "utf8").includes(`${copy.root}/`)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It has ended, or belongs to somebody else.
    }
  }
}
