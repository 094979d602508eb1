import { printable } from "@dimos/rpc/printable";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print } from "../output/print.ts";
import { joined, shown } from "../output/shown.ts";

/** `dimos complete -- WORDS`: what the last word may become, a line each. Asked by the scripts of `dimos completion`. */
export async function complete(program: Command, words: readonly string[]): Promise<ExitCode> {
  const last = words.at(-1) ?? "";
  const found = await choices(program, words.slice(0, -1), last);
  // One that would have to be escaped is not offered: what is typed then would be another word.
  const fitting = [...new Set(found)].filter((word) => word.startsWith(last) && printable(word) === word).sort();
  await print(joined(fitting.map((word) => shown`${word}\n`)));
  return EXIT.ok;
}

async function choices(program: Command, before: readonly string[], last: string): Promise<readonly string[]> {
  const { command, path, rest, isBehindOptions, awaiting } = placeIn(program, before);
  if (awaiting !== undefined) return valuesOf(awaiting, path);
  if (last.startsWith("-")) return RUN_FLAGS.get(path) ?? command.options.flatMap(({ long }) => long ?? []);
  const subcommands = command.commands.map((known) => known.name()).filter((name) => name !== "complete");
  if (subcommands.length > 0) return subcommands;
  // Settings come after the names, and only the blueprint knows what may follow them.
  return RUN_FLAGS.has(path) && isBehindOptions ? [] : argumentsOf(path, rest.length);
}

/** Of commands whose options stand in the blueprint. */
const RUN_OPTIONS = ["--daemon", "--disable", "--config", "--name", "--start-timeout", "--debug-calls", "--help"];
const RUN_FLAGS: ReadonlyMap<string, readonly string[]> = new Map([
  ["run", RUN_OPTIONS],
  ["show-config", [...RUN_OPTIONS, "--json"]],
]);
const RUN_VALUES: ReadonlySet<string> = new Set(["--disable", "--config", "--name", "--start-timeout"]);

interface Place {
  readonly command: Command;
  /** Words of the command: `skill call`. */
  readonly path: string;
  /** Arguments that are there already. */
  readonly rest: readonly string[];
  /** An option of the command is there already. */
  readonly isBehindOptions: boolean;
  /** The option whose value comes next. */
  readonly awaiting: string | undefined;
}

function placeIn(program: Command, before: readonly string[]): Place {
  let command = program;
  let path = "";
  const rest: string[] = [];
  let isBehindOptions = false;
  let awaiting: string | undefined;
  for (const word of before) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (word.startsWith("-")) {
      isBehindOptions = true;
      awaiting = takesValue(command, path, word) ? word : undefined;
    } else {
      const next = command.commands.find((known) => known.name() === word);
      if (next === undefined || rest.length > 0) rest.push(word);
      else {
        command = next;
        isBehindOptions = false;
        path = `${path} ${word}`.trim();
      }
    }
  }
  return { command, path, rest, isBehindOptions, awaiting };
}

function takesValue(command: Command, path: string, flag: string): boolean {
  if (RUN_FLAGS.has(path)) return RUN_VALUES.has(flag);
  return command.options.some(({ long, short, required }) => required && (long === flag || short === flag));
}

async function valuesOf(flag: string, path: string): Promise<readonly string[]> {
  if (flag === "--run") return runs(path !== "log" && path !== "status");
  if (flag === "--level") return ["debug", "info", "warn", "error"];
  if (flag === "--format") return ["text", "mermaid", "dot", "json"];
  if (flag !== "--module" && flag !== "--agent") return [];
  const { namesOf } = await import("../completion/live-names.ts");
  return namesOf("modules");
}

async function argumentsOf(path: string, position: number): Promise<readonly string[]> {
  if (path === "run" || path === "graph" || path === "show-config") return blueprints();
  if (path === "stop") return runs(true);
  if (path === "completion") return ["bash", "zsh", "fish"];
  if (position > 0) return [];
  if (path === "restart" || path === "estop" || path === "mcp stdio") return runs(true);
  if (path === "log" || path === "status") return runs(false);
  const { namesOf } = await import("../completion/live-names.ts");
  if (path === "skill call") return namesOf("skills");
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
