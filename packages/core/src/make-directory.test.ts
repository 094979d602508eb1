import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeDirectory } from "./make-directory.ts";

describe("makeDirectory", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? "/tmp", "make-"));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it("makes what is missing, for this user only, and leaves what is there", () => {
    const path = join(directory, "a", "b");
    makeDirectory(path);
    makeDirectory(path);
    for (const made of [path, join(directory, "a")]) expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it("fails where it cannot: below a file, on a file, and in /proc, where Node's own never returns", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    expect(() => makeDirectory(join(file, "x"))).toThrow("ENOTDIR");
    expect(() => makeDirectory(file)).toThrow("EEXIST");
    expect(() => makeDirectory("/proc/no-such/directory")).toThrow("ENOENT");
  });
});
