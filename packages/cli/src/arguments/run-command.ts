import { Command } from "commander";
import { HELP_OUTPUT } from "../output/help-output.ts";

export function runCommand(names: readonly string[]): Command {
  return withRunOptions(new Command("dimos run"))
    .argument("<names...>", "blueprints or modules: unitree-go2-agentic, ./bot.ts, @acme/rover#patrol")
    .usage(`${names.join(" ") || "<names...>"} [--daemon] [--<setting> VALUE]...`)
    .description("Runs blueprints until Ctrl-C. With a name, --help lists its settings.");
}

/** Takes what `dimos run` takes. */
export function showConfigCommand(names: readonly string[]): Command {
  return withRunOptions(new Command("dimos show-config").option("--json", "print JSON"))
    .argument("[names...]", "blueprints or modules; without any, the settings of every run")
    .usage(`${names.join(" ") || "[names...]"} [--json] [--config FILE] [--<setting> VALUE]...`)
    .description("Shows every setting that dimos run would use with the same arguments, and where it comes from.");
}

function withRunOptions(command: Command): Command {
  return command
    .option("--daemon", "run in the background; returns when everything is up, or says why it is not")
    .option("--disable <module>", "leave a module out; may be given several times", collect)
    .option("--config <file>", "JSON file of settings")
    .option("--name <run>", "what the run is called, for status, log, stop and others")
    .option("--start-timeout <time>", "give up, and leave nothing, when it is not up by then: 90, 30s, 2m")
    .configureOutput({ ...HELP_OUTPUT, writeErr: () => {}, outputError: () => {} })
    .exitOverride();
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
