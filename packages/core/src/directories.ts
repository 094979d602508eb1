import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { DirectoryError } from "./errors.ts";
import { fileFault } from "./file-fault.ts";
import { makeDirectory } from "./make-directory.ts";

/** The system cuts longer socket paths silently. */
const MAX_SOCKET_PATH_BYTES = 107;
const LONGEST_SOCKET_NAME = "/coordinator.data";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where runs and logs are kept: `$DIMOS_STATE_DIR`, default `~/.local/state/dimos-ts`. */
export function stateDirectory(env: Environment): string {
  if (env.DIMOS_STATE_DIR) return env.DIMOS_STATE_DIR;
  return join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "dimos-ts");
}

/** A new 0700 directory for the sockets of one run, which only this user can enter. */
export function createSocketDirectory(env: Environment): string {
  const base = socketBase(env);
  const directory = join(base, randomBytes(4).toString("hex"));
  if (Buffer.byteLength(directory + LONGEST_SOCKET_NAME) > MAX_SOCKET_PATH_BYTES) {
    throw new DirectoryError(
      "SOCKET_PATH_TOO_LONG",
      `${directory} is too long for sockets (${MAX_SOCKET_PATH_BYTES} bytes at most): set XDG_RUNTIME_DIR to a shorter path`,
    );
  }
  try {
    makeDirectory(base);
    checkOwner(base);
    mkdirSync(directory, { mode: 0o700 });
  } catch (cause) {
    if (cause instanceof DirectoryError) throw cause;
    throw new DirectoryError(
      "SOCKET_DIRECTORY_UNUSABLE",
      `Sockets cannot be made in ${base}: ${fileFault(cause)}. Or set XDG_RUNTIME_DIR to a directory of yours`,
      cause,
    );
  }
  return directory;
}

/** Whether a directory is one that `createSocketDirectory` makes: of this user, where sockets of runs are. */
export function isSocketDirectory(directory: string, env: Environment): boolean {
  const bases = [env, { ...env, XDG_RUNTIME_DIR: undefined }].map(socketBase);
  if (!bases.includes(dirname(directory)) || !/^[0-9a-f]{8}$/.test(basename(directory))) return false;
  const found = lstatSync(directory, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === ownUid();
}

function socketBase(env: Environment): string {
  return env.XDG_RUNTIME_DIR ? join(env.XDG_RUNTIME_DIR, "dimos-ts") : join(tmpdir(), `dimos-ts-${ownUid()}`);
}

function ownUid(): number {
  return process.getuid?.() ?? 0;
}

function checkOwner(base: string): void {
  const found = lstatSync(base);
  if (found.isSymbolicLink() || !found.isDirectory() || found.uid !== ownUid()) {
    throw new DirectoryError(
      "SOCKET_DIRECTORY_UNSAFE",
      `${base} belongs to somebody else: remove it, or set XDG_RUNTIME_DIR to a directory of yours`,
    );
  }
  if ((found.mode & 0o077) !== 0) chmodSync(base, 0o700);
}

/** `20261122-161500-123-go2-4f1a`: sorts by start, and two starts in one millisecond differ. */
export function newRunId(name: string, now: Date = new Date()): string {
  const time = now.toISOString().replace(/[-:Z]/g, "").replace("T", "-").replace(".", "-");
  const slug =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40) || "run";
  return `${time}-${slug}-${randomBytes(2).toString("hex")}`;
}
