import { randomBytes } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { DirectoryError } from "./errors.ts";
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
  const uid = process.getuid?.() ?? 0;
  const base = env.XDG_RUNTIME_DIR ? join(env.XDG_RUNTIME_DIR, "dimos-ts") : join(tmpdir(), `dimos-ts-${uid}`);
  const directory = join(base, randomBytes(4).toString("hex"));
  if (Buffer.byteLength(directory + LONGEST_SOCKET_NAME) > MAX_SOCKET_PATH_BYTES) {
    throw new DirectoryError(
      "SOCKET_PATH_TOO_LONG",
      `${directory} is too long for sockets (${MAX_SOCKET_PATH_BYTES} bytes at most): set XDG_RUNTIME_DIR to a shorter path`,
    );
  }
  makeDirectory(base);
  checkOwner(base, uid);
  mkdirSync(directory, { mode: 0o700 });
  return directory;
}

function checkOwner(base: string, uid: number): void {
  const found = lstatSync(base);
  if (found.isSymbolicLink() || !found.isDirectory() || found.uid !== uid) {
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
