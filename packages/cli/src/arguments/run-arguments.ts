import type { BlueprintRegistry } from "@dimos/blueprints";
import {
  type Blueprint,
  type ConfigField,
  type ConfigValue,
  globalFields,
  moduleFields,
  type ResolvedConfig,
  readConfigFile,
  readDotEnv,
  resolveConfig,
} from "@dimos/core";
import { didYouMean } from "@dimos/rpc";
import { Command, CommanderError, type Option } from "commander";
import { UsageError } from "../errors.ts";
import { loadBlueprints } from "../project/load-blueprints.ts";
import { addConfigOptions } from "./config-options.ts";
import { parseDuration } from "./durations.ts";

export interface RunArguments {
  readonly names: readonly string[];
  readonly blueprint: Blueprint;
  readonly config: ResolvedConfig;
  /** Every setting that could have been given. */
  readonly fields: readonly ConfigField[];
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
): Promise<RunArguments | undefined> {
  const names = leadingNames(argv);
  if (names.length === 0) {
    if (!argv.includes("--help") && !argv.includes("-h"))
      throw new UsageError('Say what to run: dimos run <name>. "dimos list" shows what there is');
    runCommand([]).outputHelp();
    return undefined;
  }
  const loaded = await loadBlueprints(names, registry);
  const command = runCommand(names);
  const fields = [...globalFields(), ...moduleFields(loaded.entries.filter((entry) => !entry.disabled))];
  const values = addConfigOptions(command, fields, new Set(command.options.map((option) => option.long?.slice(2))));
  if (!parse(command, argv)) return undefined;
  const extra = command.args.slice(names.length);
  if (extra.length > 0) throw new UsageError(`Unexpected "${extra.join(" ")}": put the names before the settings`);
  const flags = command.opts<RunFlags>();
  const blueprint = flags.disable === undefined ? loaded : loaded.disabledModules(...flags.disable);
  return {
    names,
    blueprint,
    config: await resolve(blueprint, flags, values),
    fields,
    runName: flags.name ?? names.join("+"),
    startTimeoutMs: flags.startTimeout === undefined ? undefined : parseDuration(flags.startTimeout, "--start-timeout"),
  };
}

function resolve(blueprint: Blueprint, flags: RunFlags, values: readonly ConfigValue[]): Promise<ResolvedConfig> {
  return resolveConfig(blueprint, {
    file: flags.config === undefined ? undefined : readConfigFile(flags.config),
    dotEnv: readDotEnv(process.cwd()),
    env: process.env,
    flags: values,
  });
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
    const flag = error.code === "commander.unknownOption" ? /'(--[^=]+)=/.exec(message)?.[1] : undefined;
    // With its value, which may be a secret, it would be like none of the options.
    throw new UsageError(
      flag === undefined ? message : `unknown option '${flag}'.${didYouMean(flag, command.options.map(longName))}`,
    );
  }
}

function longName({ long }: Option): string {
  return long ?? "";
}

function leadingNames(argv: readonly string[]): string[] {
  const end = argv.findIndex((argument) => argument.startsWith("-"));
  return argv.slice(0, end === -1 ? argv.length : end);
}

function runCommand(names: readonly string[]): Command {
  return new Command("dimos run")
    .argument("<names...>", "blueprints or modules: unitree-go2-agentic, ./bot.ts, @acme/rover#patrol")
    .usage(`${names.join(" ") || "<names...>"} [--daemon] [--<setting> VALUE]...`)
    .description("Runs blueprints until Ctrl-C. With a name, --help lists its settings.")
    .option("--daemon", "run in the background; returns when everything is up, or says why it is not")
    .option("--disable <module>", "leave a module out; may be given several times", collect)
    .option("--config <file>", "JSON file of settings")
    .option("--name <run>", "what the run is called, for status, log, stop and others")
    .option("--start-timeout <time>", "give up, and leave nothing, when it is not up by then: 90, 30s, 2m")
    .configureOutput({ writeErr: () => {} })
    .exitOverride();
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
