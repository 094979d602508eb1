import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PAYLOADS, type Payload } from "../streams/payload.ts";
import { type CpuProfile, selfTimes } from "./self-times.ts";

const FLOOD = fileURLToPath(new URL("./flood.ts", import.meta.url));
const MODES = ["copy", "loan", "socket"];
const LINES = 14;
const MAIN_THREAD = "0";

// Which functions cost the time of a stream, in the worker that publishes and in the one that subscribes.
const [payload = "2.7 MB", mode = "copy", seconds = "5"] = process.argv.slice(2).filter((word) => word !== "--");
if (!PAYLOADS.includes(payload as Payload) || !MODES.includes(mode)) {
  console.error(`Usage: profile [${PAYLOADS.map((name) => `"${name}"`).join("|")}] [${MODES.join("|")}] [seconds]`);
  process.exitCode = 2;
} else profileFlood();

function profileFlood(): void {
  const directory = mkdtempSync(join(tmpdir(), "dimos-profile-"));
  try {
    const flags = [...process.execArgv, "--cpu-prof", "--cpu-prof-interval=200", `--cpu-prof-dir=${directory}`];
    const { status, pid } = spawnSync(process.execPath, [...flags, FLOOD, payload, mode, seconds], {
      stdio: "inherit",
    });
    if (status !== 0) throw new Error(`The stream that was to be profiled ended with ${status}`);
    // `CPU.<date>.<time>.<pid>.<thread>.<number>.cpuprofile`; the first process is the coordinator's.
    for (const file of readdirSync(directory).sort()) {
      const [, , , process, thread] = file.split(".");
      if (thread === MAIN_THREAD && process !== String(pid)) print(file, join(directory, file));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function print(name: string, path: string): void {
  const times = selfTimes(JSON.parse(readFileSync(path, "utf8")) as CpuProfile);
  const busyMs = times.reduce((sum, { ms }) => sum + ms, 0);
  console.log(`\n${name}: busy for ${busyMs.toFixed(0)} ms`);
  for (const { where, ms, share } of times.slice(0, LINES))
    console.log(`${(100 * share).toFixed(1).padStart(5)} %  ${ms.toFixed(0).padStart(5)} ms  ${where}`);
}
