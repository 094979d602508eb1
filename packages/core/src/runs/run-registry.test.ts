import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RunRegistry } from "./run-registry.ts";

it("skips what is no entry, and hides no run for it (H5)", () => {
  const registry = new RunRegistry(mkdtempSync(join(process.env.XDG_RUNTIME_DIR as string, "state-")));
  const write = (name: string, entry: unknown) =>
    writeFileSync(join(registry.directory, `${name}.json`), typeof entry === "string" ? entry : JSON.stringify(entry));
  mkdirSync(registry.directory, { recursive: true });
  mkdirSync(join(registry.directory, "folder.json"));
  const good = { runId: "good", pid: 12, shape: "of a later version" };
  write("good", good);
  write("cut", '{"runId": "cut", "pi');
  for (const [name, wrong] of Object.entries({
    everybody: { pid: -1 },
    first: { pid: 1 },
    named: { name: 7 },
    argued: { argv: "no" },
    environment: { env: { A: 1 } },
    ended: { exit: "yes" },
  }))
    write(name, { runId: name, pid: 12, ...wrong });
  const { entries, unreadable } = registry.list();
  expect(entries).toMatchObject([good]);
  expect(unreadable).toHaveLength(readdirSync(registry.directory).length - 1);
});
