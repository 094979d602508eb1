import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const file = (name: string) => fileURLToPath(new URL(`../src/${name}`, import.meta.url));

describe("the quickstart, on the built packages", () => {
  it("walks, reads deep inside a worker, and ends", async () => {
    const { stdout } = await run(process.execPath, [file("main.ts")]);
    const moved = Number(/moved: ([\d.]+)/.exec(stdout)?.[1]);
    expect(stdout).toMatch(/^\{\n? *status: 'reached'/);
    expect(Math.abs(moved - 2)).toBeLessThan(0.25);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("0.3");
  });

  it("shows in its demo what really happened", async () => {
    const pictures = await mkdtemp(join(tmpdir(), "quickstart-"));
    const { stdout } = await run(process.execPath, [file("demo.ts"), "--out", pictures]);
    const measured = Number(/measured +([\d.]+) m by the simulator's ground truth, 0 collisions/.exec(stdout)?.[1]);
    expect(Math.abs(measured - 2)).toBeLessThan(0.25);
    expect(stdout).toMatch(/clearance 0\.3 m, read in a worker process/);
    const pids = [...stdout.matchAll(/\(process (\d+)\)/g)].map(([, pid]) => Number(pid));
    expect(new Set(pids).size).toBeGreaterThan(1);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    for (const [line, name] of [
      ["map", "map.png"],
      ["camera", "camera.png"],
    ] as const) {
      const path = new RegExp(`^${line} +(\\S+)`, "m").exec(stdout)?.[1];
      expect(path).toBe(join(pictures, name));
      const png = await readFile(join(pictures, name));
      expect([png.subarray(1, 4).toString(), png.length > 5000]).toEqual(["PNG", true]);
    }
    const [, stoppedAfter] = /stopped +after ([\d.]+) s/.exec(stdout) ?? [];
    // How fast it is depends on what else the machine does.
    expect(Number(stoppedAfter)).toBeGreaterThan(0);
    await rm(pictures, { recursive: true });
  });
});

it("says of a module that its packages have, and that does not run, how to start it (A4)", async () => {
  const { stdout } = await run(process.execPath, [fileURLToPath(new URL("./programs/basic.ts", import.meta.url))]);
  expect(stdout).toBe(
    'UnitreeSkills exists but is not running. Start it with app.run("unitree-go2.UnitreeSkills") or add it to your blueprint.\n',
  );
});
