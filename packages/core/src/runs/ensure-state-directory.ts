import { accessSync, chmodSync, constants, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { stateDirectory } from "../directories.ts";
import { DirectoryError } from "../errors.ts";
import { fileFault } from "../file-fault.ts";
import { makeDirectory } from "../make-directory.ts";

export interface StateDirectory {
  readonly path: string;
  /** How other users of this host could get at it, and what to do; undefined when they cannot. */
  readonly risk: { readonly text: string; readonly remedy: string } | undefined;
}

/**
 * Makes the state directory where it is missing, with `runs` and `logs` in it for this user alone.
 *
 * @throws DirectoryError saying what to do where it cannot be used
 */
export function ensureStateDirectory(env: Readonly<Record<string, string | undefined>>): StateDirectory {
  const path = stateDirectory(env);
  const open: string[] = [];
  for (const part of ["runs", "logs"].map((name) => join(path, name))) {
    try {
      makeDirectory(part);
      accessSync(part, constants.W_OK);
    } catch (cause) {
      const reason = `The state directory ${path} cannot be used: ${fileFault(cause)}`;
      throw unusable(`${reason}, or set DIMOS_STATE_DIR to a directory that this user can write`, cause);
    }
    const own = process.getuid?.();
    // This system has neither owners nor modes.
    if (own === undefined) continue;
    const { uid } = statSync(part);
    if (uid !== own) throw unusable(`${part} belongs to user ${uid}, and this is user ${own}: ${ELSEWHERE}`);
    if (!closeToOthers(part)) open.push(part);
  }
  if (open.length > 0) {
    const text = `Other users can enter ${open.join(" and ")}, and this file system keeps it so`;
    return { path, risk: { text, remedy: ELSEWHERE } };
  }
  const writable = writableByOthers(realpathSync(path));
  if (writable === undefined) return { path, risk: undefined };
  const text = `Other users can write to ${writable}, and put runs of theirs in the place of yours`;
  return { path, risk: { text, remedy: `chmod go-w ${writable}, or ${ELSEWHERE}` } };
}

const ELSEWHERE = "set DIMOS_STATE_DIR to a directory that only this user can write";

function unusable(message: string, cause?: unknown): DirectoryError {
  return new DirectoryError("STATE_DIRECTORY_UNUSABLE", message, cause);
}

/** False where the file system has no modes, or fixed ones. */
function closeToOthers(directory: string): boolean {
  if ((statSync(directory).mode & 0o077) === 0) return true;
  try {
    chmodSync(directory, 0o700);
  } catch {
    return false;
  }
  return (statSync(directory).mode & 0o077) === 0;
}

/** The state directory, or one above it, that others may take entries out of, as volumes of containers often are. */
function writableByOthers(path: string): string | undefined {
  if (process.getuid === undefined) return undefined;
  for (let directory = path; ; directory = dirname(directory)) {
    if (isWritableByOthers(statSync(directory))) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}

/** In a sticky directory only owners rename and remove. Many systems give each user a group of the same number, for himself. */
function isWritableByOthers({ mode, uid, gid }: Stats): boolean {
  if ((mode & 0o1000) !== 0) return false;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== uid);
}
