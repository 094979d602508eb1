import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

/** Commands about the project at hand. Nothing of it is started. */
export function registerProjectCommands(program: Command, { argv, signal, finish }: CommandContext): void {
  program
    .command("list")
    .description("list the blueprints that can be run here")
    .option("--modules", "list modules as well")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { list } = await import("../commands/list.ts");
      await finish(list(options));
    });
  program
    .command("show-config")
    .argument("[names...]", "blueprints or modules; without any, the settings of every run")
    .description("show every setting that run would use, and where it comes from")
    .usage("[names...] [--json] [--config FILE] [--<setting> VALUE]...")
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_names, _options, command: Command) => {
      const { showConfig } = await import("../commands/show-config.ts");
      await finish(showConfig(argv.slice(argv.indexOf(command.name()) + 1), signal));
    });
  program
    .command("graph")
    .argument("<names...>", "blueprints or modules")
    .description("draw modules, streams and references; nothing is started")
    .option("--format <format>", "text, mermaid, dot or json", "text")
    .option("--json", "the same as --format json")
    .action(async (names, options) => {
      const { graph } = await import("../commands/graph.ts");
      await finish(graph(names, options));
    });
  program
    .command("doctor")
    .description("look for what may keep a robot from running here")
    .option("--json", "print JSON")
    .action(async (options) => {
      const { doctor } = await import("../commands/doctor.ts");
      await finish(doctor(options));
    });
  program
    .command("completion")
    .argument("<shell>", "bash, zsh or fish")
    .description("print a completion script for a shell")
    .action(async (shell) => {
      const { completion } = await import("../commands/completion.ts");
      await finish(completion(shell));
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .helpOption(false)
    .allowUnknownOption()
    .action(async (words) => {
      const { complete } = await import("../commands/complete.ts");
      await finish(complete(program, words));
    });
}
