#!/usr/bin/env node
// Plain JavaScript that every Node can read: finds a Node that is new enough before anything else is loaded.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
const entry = fileURLToPath(new URL("../dist/main.js", import.meta.url));

if (major > 22 || (major === 22 && minor >= 18)) {
  if (existsSync(entry)) {
    await import("../dist/main.js");
  } else {
    console.error("dimos is not built yet. In its checkout, run: npx -y pnpm@12 build");
    process.exitCode = 1;
  }
} else {
  const node = findNode(process.cwd()) ?? findNode(dirname(entry));
  if (node === undefined || process.env.DIMOS_NODE_TRIED) {
    console.error(
      `dimos needs Node 22.18 or newer, this is ${process.versions.node}. Install a newer Node, or add it to your project: npm install node`,
    );
    process.exitCode = 1;
  } else {
    const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: "inherit",
      env: { ...process.env, DIMOS_NODE_TRIED: "1" },
    });
    // Ctrl-C of a terminal reaches the child by itself; it decides when to end.
    const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
    process.on("SIGINT", () => hasTerminal || child.kill("SIGINT"));
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("exit", (code, signal) => {
      process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
    });
  }
}

/** The Node that a project has among its packages, in this folder or one above. */
function findNode(folder) {
  for (let current = folder; ; current = dirname(current)) {
    const candidate = join(current, "node_modules", ".bin", "node");
    if (existsSync(candidate)) return candidate;
    if (current === dirname(current)) return undefined;
  }
}
