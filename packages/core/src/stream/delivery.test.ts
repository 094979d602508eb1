import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../test/programs/clock.ts", import.meta.url));

it("All processes read the same clock, also when many of them start at once (I5)", async () => {
  const starts = Array.from({ length: 12 }, () =>
    promisify(execFile)(process.execPath, [...process.execArgv, PROGRAM]),
  );
  for (const { stdout } of await Promise.all(starts)) expect(Number(stdout)).toBeLessThan(0.2);
});
