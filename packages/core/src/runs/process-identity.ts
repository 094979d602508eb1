import { readFileSync } from "node:fs";

/** Says which process is meant for ever: a pid alone is given to another process later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot, where the system says; field 22 of `/proc/PID/stat`. */
  readonly startTime: string | undefined;
  /** Changes with every boot. */
  readonly bootId: string | undefined;
}

/** It does not change while this process lives. */
const BOOT_ID = readBootId();

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startTime: readStat(pid)?.startTime, bootId: BOOT_ID };
}

/**
 * Whether exactly this process is alive. A zombie is dead, and so is everything from before the last boot. A number alone
 * is nobody, but where the system says no more of any process.
 */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.startTime === undefined) return BOOT_ID === undefined && signalReaches(identity.pid);
  if (identity.bootId !== BOOT_ID) return false;
  const stat = readStat(identity.pid);
  return stat !== undefined && stat.startTime === identity.startTime && stat.state !== "Z" && stat.state !== "X";
}

function readStat(pid: number): { readonly state: string; readonly startTime: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] as string, startTime: fields[19] as string };
  } catch {
    return undefined;
  }
}

function readBootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}

/** Where there is no `/proc`: somebody has this pid. Numbers below 2 mean groups, everybody, or the system's first process. */
function signalReaches(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 2) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
