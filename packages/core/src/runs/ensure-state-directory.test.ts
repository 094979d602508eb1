import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { createSocketDirectory, isSocketDirectory } from "../directories.ts";
import { ensureStateDirectory } from "./ensure-state-directory.ts";

const isRoot = process.getuid?.() === 0;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "own-"));
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("The state directory", () => {
  it("holds runs and logs that nobody else can enter, also where they were open", () => {
    const path = join(directory, "state");
    for (const part of ["runs", "logs"]) mkdirSync(join(path, part), { recursive: true });
    for (const part of ["runs", "logs"]) chmodSync(join(path, part), 0o777);
    chmodSync(path, 0o755);
    expect(ensureStateDirectory({ DIMOS_STATE_DIR: path })).toEqual({ path, risk: undefined });
    expect(["runs", "logs"].map((part) => modeOf(join(path, part)))).toEqual([0o700, 0o700]);
  });

  it("that others can write, as a volume of a container, is used with a warning", () => {
    const volume = join(directory, "volume");
    const path = join(volume, "state");
    mkdirSync(path, { recursive: true });
    chmodSync(volume, 0o777);
    expect(ensureStateDirectory({ DIMOS_STATE_DIR: path }).risk).toEqual({
      text: `Other users can write to ${volume}, and put runs of theirs in the place of yours`,
      remedy: `chmod go-w ${volume}, or set DIMOS_STATE_DIR to a directory that only this user can write`,
    });
    // In a sticky directory such as /tmp nobody can take away what is not his.
    chmodSync(volume, 0o1777);
    expect(ensureStateDirectory({ DIMOS_STATE_DIR: path }).risk).toBeUndefined();
  });

  it.runIf(isRoot)("is refused where its parts belong to somebody else (only root can give a directory away)", () => {
    const path = join(directory, "theirs");
    mkdirSync(join(path, "runs"), { recursive: true });
    expect(spawnSync("chown", ["12345", join(path, "runs")]).status).toBe(0);
    expect(() => ensureStateDirectory({ DIMOS_STATE_DIR: path })).toThrow(
      /runs belongs to user 12345, and this is user 0: set DIMOS_STATE_DIR to a directory that only this user can write$/,
    );
  });

  it("that cannot be made is a sentence with its path and what to do", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    expect(() => ensureStateDirectory({ DIMOS_STATE_DIR: file })).toThrow(
      `The state directory ${file} cannot be used: a part of its path is a file, not a directory. Check the path, or set DIMOS_STATE_DIR to`,
    );
    expect(() => ensureStateDirectory({ DIMOS_STATE_DIR: "/proc/none" })).toThrow("it does not exist. Check the path");
  });
});

describe("The directory for sockets (B6)", () => {
  it("is entered by this user alone, and one that was open is closed", () => {
    const base = join(directory, "dimos-ts");
    mkdirSync(base);
    chmodSync(base, 0o777);
    const made = createSocketDirectory({ XDG_RUNTIME_DIR: directory });
    expect([modeOf(base), modeOf(made)]).toEqual([0o700, 0o700]);
    expect(isSocketDirectory(made, { XDG_RUNTIME_DIR: directory })).toBe(true);
    expect(isSocketDirectory(made, {})).toBe(false);
    expect(isSocketDirectory(directory, { XDG_RUNTIME_DIR: directory })).toBe(false);
  });

  it("is refused where a link or somebody else's directory is in its place", ({ skip }) => {
    const spoofed = join(directory, "spoofed");
    mkdirSync(spoofed);
    mkdirSync(join(directory, "elsewhere"));
    expect(spawnSync("ln", ["-s", join(directory, "elsewhere"), join(spoofed, "dimos-ts")]).status).toBe(0);
    expect(() => createSocketDirectory({ XDG_RUNTIME_DIR: spoofed })).toThrow("belongs to somebody else: remove it");
    if (!isRoot) return skip("only root can give a directory away");
    mkdirSync(join(directory, "dimos-ts"));
    expect(spawnSync("chown", ["12345", join(directory, "dimos-ts")]).status).toBe(0);
    expect(() => createSocketDirectory({ XDG_RUNTIME_DIR: directory })).toThrow("belongs to somebody else: remove it");
  });

  it("that cannot be made is a sentence with its path and what to do", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    expect(() => createSocketDirectory({ XDG_RUNTIME_DIR: file })).toThrow(
      `Sockets cannot be made in ${file}/dimos-ts: a part of its path is a file, not a directory. Check the path. Or set XDG_RUNTIME_DIR`,
    );
  });
});
