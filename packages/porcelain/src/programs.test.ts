import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { Dimos } from "./index.ts";

function program(name: string) {
  const file = fileURLToPath(new URL(`../test/programs/${name}`, import.meta.url));
  return promisify(execFile)(process.execPath, ["--conditions=@dimos/source", file]);
}

it("runs a module of the program's own file in the program's process, and says why", async () => {
  const { stdout, stderr } = await program("one-file.ts");
  expect(stderr).toContain(
    "InThisFile runs in the coordinator's process and cannot be restarted with its source: its class is in the program's own file",
  );
  expect(stdout).toMatch(/^true\nInThisFile was not restarted: /);
});

it("refuses a system inside a worker", async () => {
  await using app = new Dimos({ consoleLevel: "silent" });
  const nested = fileURLToPath(new URL("../test/programs/nested.ts", import.meta.url));
  await expect(app.run(`${nested}#Nested`)).rejects.toThrow(
    "new Dimos() inside a worker: a module cannot start a system of its own",
  );
});
