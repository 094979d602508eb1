import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print } from "../output/print.ts";

/** `dimos complete -- WORDS`: what the last word may become, a line each. Asked by the scripts of `dimos completion`. */
export async function complete(program: Command, words: readonly string[]): Promise<ExitCode> {
  const last = words.at(-1) ?? "";
  const found = await choices(program, words.slice(0, -1), last);
  const fitting = [...new Set(found)].filter((word) => word.startsWith(last)).sort();
  await print(fitting.map((word) => `${word}\n`).join(""));
  return EXIT.ok;
}

async function choices(program: Command, before: readonly string[], last: string): Promise<readonly string[]> {
  let command = program;
  const rest: string[] = [];
  for (const word of before) {
    const next = command.commands.find((known) => known.name() === word);
    if (next !== undefined && rest.length === 0) command = next;
    else if (!word.startsWith("-")) rest.push(word);
  }
  const path = pathOf(command);
  const flags = path === "run" ? RUN_FLAGS : command.options.flatMap(({ long }) => long ?? []);
  if (last.startsWith("-")) return flags;
  if (before.at(-1) === "--run") return runs(true);
  const subcommands = command.commands.map((known) => known.name()).filter((name) => name !== "complete");
  return subcommands.length > 0 ? subcommands : argumentsOf(path, rest.length);
}

const RUN_FLAGS = ["--daemon", "--disable", "--config", "--name", "--start-timeout", "--help"];

async function argumentsOf(path: string, position: number): Promise<readonly string[]> {
  if (path === "run" || path === "graph" || path === "show-config") return blueprints();
  if (path === "stop") return runs(true);
  if (path === "completion") return ["bash", "zsh", "fish"];
  if (position > 0) return [];
  if (path === "restart") return runs(true);
  if (path === "log" || path === "status") return runs(false);
  const { namesOf } = await import("../completion/live-names.ts");
  if (path === "skill call") return namesOf("skills");
  if (path === "mcp stdio") return runs(true);
  if (path === "mcp call") return (await import("../connection/mcp-connection.ts")).toolNames();
  if (path === "call") return namesOf("methods");
  if (path === "get" || path === "module describe") return namesOf("modules");
  return /^topic (echo|hz|pub)$/.test(path) ? namesOf("topics") : [];
}

async function blueprints(): Promise<readonly string[]> {
  const { discoverRegistry } = await import("../project/registry.ts");
  return discoverRegistry()
    .list()
    .filter(({ kind }) => kind === "blueprint")
    .flatMap(({ name, qualifiedName }) => [name, qualifiedName]);
}

async function runs(onlyAlive: boolean): Promise<readonly string[]> {
  const { openRegistry } = await import("../connection/choose-run.ts");
  const registry = openRegistry();
  return (onlyAlive ? registry.alive() : registry.list().entries).flatMap(({ name, runId }) => [name, runId]);
}

function pathOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at?.parent != null; at = at.parent) names.unshift(at.name());
  return names.join(" ");
}
