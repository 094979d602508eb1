import assert from "node:assert/strict";
import { type Bench, tarballs, tool } from "./bench.ts";
import type { NodeVersion } from "./nodes.ts";
import { NpmProject } from "./npm-project.ts";

/** A program with its own modules and those of blueprint packages: types, runs without the command, and runs with it. */
export async function robotProgram(bench: Bench, node: NodeVersion, rover: string): Promise<string> {
  const project = new NpmProject(bench.directory, "robot", node.executable);
  const parts = tarballs(bench, "rpc", "core", "msgs", "agent", "mcp", "blueprints", "porcelain", "unitree-go2");
  await project.install(...parts, rover, "zod@4", "@types/node@22");
  for (const name of ["@dimos/cli", "commander"]) assert.equal(project.has(name), false, `porcelain brings ${name}`);
  await project.node(...tool(bench, "typescript/bin/tsc"), "-p", ".");
  assert.equal(await project.node("main.ts"), "Hello Ada\n");

  await project.install(...tarballs(bench, "cli"));
  const names = JSON.parse(await project.dimos("list", "--json")).map((found: { name: string }) => found.name);
  for (const name of ["unitree-go2-agentic", "unitree-go2-skills", "patrol"]) assert.ok(names.includes(name), name);
  await runsUntilInterrupted(project, "unitree-go2-basic");
  await talksAsDaemon(project);
  await drivesTheRover(project);
  return "types hold in a strict consumer; dimos runs packages, a .ts file, agent and MCP server, and both robots' packages as one";
}

async function runsUntilInterrupted(project: NpmProject, target: string): Promise<void> {
  const { exitCode, stderr } = await project.interruptDimos(["run", target], `Running ${target}`);
  assert.equal(exitCode, 130, `dimos run ${target}: ${stderr}`);
}

/** A `.ts` file beside the modules of two packages. */
async function talksAsDaemon(project: NpmProject): Promise<void> {
  await project.dimos("run", "./bot.ts", "agent", "mcp-server", "--mcp-port", "0", "--daemon");
  try {
    assert.equal(await project.dimos("skill", "call", "greet", "name=Ada"), "Hello Ada\n");
    assert.match(await project.dimos("agent-send", "call greet name=Eve"), /Hello Eve/);
    assert.match(await project.dimos("mcp", "list-tools"), /greet/);
    assert.match(await project.dimos("mcp", "call", "greet", "name=Bob"), /Hello Bob/);
  } finally {
    await project.dimos("stop");
  }
}

/** Somebody else's robot under the planner and the skills of `@dimos/unitree-go2`. */
async function drivesTheRover(project: NpmProject): Promise<void> {
  await project.dimos("run", "acme-rover.patrol", "unitree-go2-skills", "--daemon");
  try {
    const { status } = JSON.parse(await project.dimos("skill", "call", "relativeMove", "forward=0.5"));
    assert.equal(status, "reached");
  } finally {
    await project.dimos("stop");
  }
}
