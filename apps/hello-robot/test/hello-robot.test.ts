import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("greets from a worker process and carries the battery level to another", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL("../src/main.ts", import.meta.url)),
  ]);
  expect(stdout).toMatch(/^Hello Ada, this is process \d+\nbattery 99\n$/);
});
