import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readConfigFile } from "./config/config-file.ts";
import { readDotEnv } from "./config/dot-env.ts";
import { FileError } from "./errors.ts";
import { readPipedText } from "./read-piped-text.ts";
import { readTextFile } from "./read-text-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "read-"));
});

function fifo(name = "fifo"): string {
  const path = join(directory, name);
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  return path;
}

describe("readTextFile", () => {
  it("refuses what is no file instead of blocking on it, says why and what to do", () => {
    const what = "World file";
    const path = fifo();
    expect(() => readTextFile(path, { what })).toThrow(
      new FileError(`World file ${path} cannot be read: it is a FIFO, not a file. Use a file`),
    );
    expect(() => readTextFile(directory)).toThrow(
      `The file ${directory} cannot be read: it is a directory, not a file`,
    );
    expect(() => readTextFile("/dev/zero")).toThrow("/dev/zero cannot be read: it is a device, not a file");
    expect(() => readTextFile(join(directory, "none"))).toThrow(
      "none cannot be read: it does not exist. Check the path",
    );
    expect(() => readTextFile(join(path, "below"))).toThrow("a part of its path is a file, not a directory");
  });

  it("reads all of a file, also one of which the system does not know the size, and no more than it may", () => {
    const path = join(directory, "long");
    writeFileSync(path, "ä".repeat(100_000));
    expect(readTextFile(path)).toBe("ä".repeat(100_000));
    expect(readTextFile("/proc/self/cmdline")).toContain("node");
    expect(() => readTextFile(path, { maxBytes: 1000 })).toThrow("it is larger than 1 MiB. Use a smaller file");
  });
});

describe("readPipedText", () => {
  const options = { what: "Config file", timeoutMs: 60_000 };

  it("waits for a FIFO's writer, and reads until that has closed it", async () => {
    const path = fifo();
    const reading = readPipedText(path, options);
    const exited = once(spawn("sh", ["-c", 'exec > "$0"; echo one; sleep 0.2; echo two', path]), "exit");
    expect(await reading).toBe("one\ntwo\n");
    await exited;
  });

  it("gives up on a FIFO that nobody writes to, or nobody closes", async () => {
    const path = fifo();
    await expect(readPipedText(path, { ...options, timeoutMs: 50 })).rejects.toThrow(
      "nothing was written to it in time",
    );
    const writer = spawn("sh", ["-c", 'exec > "$0"; echo one; exec sleep 300', path]);
    const exited = once(writer, "exit");
    await expect(readPipedText(path, { ...options, timeoutMs: 2_000 })).rejects.toThrow("its writer has not closed it");
    writer.kill("SIGKILL");
    await exited;
  });

  it("ends at once when it is aborted", async () => {
    const abort = new AbortController();
    const reading = readPipedText(fifo(), { ...options, signal: abort.signal });
    abort.abort(new Error("SIGINT"));
    await expect(reading).rejects.toThrow();
  });

  it("reads no endless device to the end", async () => {
    await expect(readPipedText("/dev/zero", options)).rejects.toThrow("more than 16 MiB came from it");
  });
});

describe("settings", () => {
  it("come from a FIFO with --config, as from <(...) of a shell", async () => {
    const path = fifo();
    const exited = once(spawn("sh", ["-c", 'echo "{\\"nWorkers\\": 4}" > "$0"', path]), "exit");
    expect(await readConfigFile(path)).toEqual({ path, values: { nWorkers: 4 } });
    await exited;
  });

  it("of an .env that is a FIFO are refused, not waited for; a directory of that name is none", () => {
    fifo(".env");
    expect(() => readDotEnv(directory)).toThrow(/^The settings in .*\.env cannot be read: it is a FIFO, not a file/);
    const venv = join(directory, "venv");
    mkdirSync(join(venv, ".env"), { recursive: true });
    expect(readDotEnv(venv)).toBeUndefined();
  });
});
