import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { warnProcess } from "./warn-process.ts";

it("what another process answered cannot write to the terminal as a warning, and forges none", () => {
  const program = `
    const { warnProcess } = await import(${JSON.stringify(new URL("./warn-process.ts", import.meta.url).href)});
    const message = "no\\n(node:1) Warning: forged\\r\\x1b[2J";
    warnProcess(Object.assign(new Error(message), { name: "Odd\\nError" }));
    warnProcess(message);`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const lines = stderr.trimEnd().split("\n");
  expect(lines.filter((line) => line.includes("forged"))).toEqual(
    Array(2).fill("  (node:1) Warning: forged\\r\\x1b[2J"),
  );
  expect(lines[0]).toMatch(/^\(node:\d+\) Odd\\nError: no$/);
});

it("any other error is warned of as it is", async () => {
  const error = new RangeError("out of reach");
  const warned = once(process, "warning");
  warnProcess(error);
  expect(await warned).toEqual([error]);
});
