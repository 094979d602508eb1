import type { BlueprintRegistry } from "@dimos/blueprints";
import {
  type Blueprint,
  type ConfigField,
  type ConfigFile,
  globalFields,
  moduleFields,
  type ResolvedConfig,
  readConfigFile,
  readDotEnv,
  resolveConfig,
  workingDirectory,
} from "@dimos/core";
import { fitRunName, isRunName, RUN_NAME_RULE } from "@dimos/core/runs";
import { didYouMean } from "@dimos/rpc";
import { type Command, CommanderError, type Option } from "commander";
import { CliError, UsageError } from "../errors.ts";
import { loadBlueprints } from "../project/load-blueprints.ts";
import { addConfigOptions } from "./config-options.ts";
import { parseDuration } from "./durations.ts";
import { refuseMisspeltModules } from "./misspelt-modules.ts";
import { runCommand, showConfigCommand } from "./run-command.ts";

export interface RunArguments {
  readonly blueprint: Blueprint;
  readonly config: ResolvedConfig;
  /** Every setting that could have been given. */
  readonly fields: readonly ConfigField[];
  /** What is run, as it was named. */
  readonly names: readonly string[];
  /** What the run is called. */
  readonly runName: string;
  readonly startTimeoutMs: number | undefined;
}

interface RunFlags {
  readonly disable?: readonly string[];
  readonly config?: string;
  readonly name?: string;
  readonly startTimeout?: string;
}

/** What follows `dimos run`. Undefined: help was asked for and printed. Nothing is started here. */
export async function parseRunArguments(
  argv: readonly string[],
  registry: BlueprintRegistry,
  signal?: AbortSignal,
): Promise<RunArguments | undefined> {
  const names = leadingNames(argv);
  if (names.length > 0) return parseArguments(runCommand(names), names, argv, registry, signal);
  if (!argv.includes("--help") && !argv.includes("-h")) {
    const example = ["dimos run <name>", ...argv.slice(0, 1)].join(" ");
    throw new UsageError(
      `Say what to run${argv.length > 0 ? " first" : ""}: ${example}. "dimos list" shows what there is`,
    );
  }
  runCommand([]).outputHelp();
  return undefined;
}

/** What follows `dimos show-config`: the same, and without a name the settings of any run. */
export function parseShowConfigArguments(
  argv: readonly string[],
  registry: BlueprintRegistry,
  signal: AbortSignal,
): Promise<RunArguments | undefined> {
  const names = leadingNames(argv);
  return parseArguments(showConfigCommand(names), names, argv, registry, signal);
}

async function parseArguments(
  command: Command,
  names: readonly string[],
  argv: readonly string[],
  registry: BlueprintRegistry,
  signal: AbortSignal | undefined,
): Promise<RunArguments | undefined> {
  const loaded = await loadBlueprints(names, registry);
  const fields = [...globalFields(), ...moduleFields(loaded.entries.filter((entry) => !entry.disabled))];
  const values = addConfigOptions(command, fields, new Set(command.options.map((option) => option.long?.slice(2))));
  if (!parse(command, argv)) return undefined;
  const extra = command.args.slice(names.length);
  if (extra.length > 0) throw new UsageError(`Unexpected "${extra.join(" ")}": put the names before the settings`);
  const flags = command.opts<RunFlags>();
  const blueprint = flags.disable === undefined ? loaded : loaded.disabledModules(...flags.disable);
  if (flags.name !== undefined && !isRunName(flags.name))
    throw new UsageError(`--name takes ${RUN_NAME_RULE}, got ${JSON.stringify(flags.name)}`);
  const file = flags.config === undefined ? undefined : await readSettings(flags.config, signal);
  if (file !== undefined) refuseMisspeltModules(file, loaded, fields);
  return {
    blueprint,
    config: await resolveConfig(blueprint, {
      file,
      dotEnv: readDotEnv(workingDirectory()),
      env: process.env,
      flags: values,
    }),
    fields,
    names,
    runName: flags.name ?? fitRunName(...names),
    startTimeoutMs: flags.startTimeout === undefined ? undefined : parseDuration(flags.startTimeout, "--start-timeout"),
  };
}

async function readSettings(path: string, signal: AbortSignal | undefined): Promise<ConfigFile> {
  try {
    return await readConfigFile(path, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    throw new CliError("INTERRUPTED", `Interrupted while ${path} was read; nothing was started`);
  }
}

/** False: help was asked for and printed. */
function parse(command: Command, argv: readonly string[]): boolean {
  try {
    command.parse([...argv], { from: "user" });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    const message = error.message.replace(/^error: /, "");
    // Without its value, which may be a secret, and would be like none of the options.
    const flag = error.code === "commander.unknownOption" ? /'(-[^='\n]*)/.exec(message)?.[1] : undefined;
    if (flag === undefined) throw new UsageError(message);
    const suggestion = didYouMean(flag, command.options.map(longName));
    const help = [command.name(), ...leadingNames(argv), "--help"].join(" ");
    throw new UsageError(`There is no option ${flag}.${suggestion || ` "${help}" lists them`}`);
  }
}

function longName({ long }: Option): string {
  return long ?? "";
}

function leadingNames(argv: readonly string[]): string[] {
  const end = argv.findIndex((argument) => argument.startsWith("-"));
  return argv.slice(0, end === -1 ? argv.length : end);
}
