import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { HELP_OUTPUT } from "./output/help-output.ts";
import type { CommandContext } from "./registration/context.ts";
import { registerProjectCommands } from "./registration/project.ts";
import { registerRunCommands } from "./registration/runs.ts";
import { registerUseCommands } from "./registration/use.ts";

/** Parses the command line and runs its command. Commands are imported when they are run. */
export async function runCommandLine(given: readonly string[], signal: AbortSignal): Promise<number> {
  let exitCode: ExitCode = EXIT.ok;
  // Only the command itself knows all of its options: "help run" is "run --help".
  const argv = given[0] === "help" && given.length > 1 ? [...given.slice(1), "--help"] : given;
  const context: CommandContext = {
    argv,
    signal,
    finish: async (code) => {
      exitCode = await code;
    },
  };
  try {
    await commandLine(context).parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { describeError } = await import("./output/describe-error.ts");
    const { say } = await import("./output/print.ts");
    const { exitCodeOf } = await import("./exit-code-of.ts");
    say(describeError(error));
    return exitCodeOf(error);
  }
}

/** Every command that there is, also for completion. */
function commandLine(context: CommandContext): Command {
  const program = new Command("dimos")
    .description("An operating system for robots: run blueprints, and use what runs.")
    .version(packageVersion())
    .enablePositionalOptions()
    .option("--debug-calls", "with run and call: undeclared methods and deep paths can be called")
    .configureOutput(HELP_OUTPUT)
    .showHelpAfterError("(dimos --help lists the commands)")
    .showSuggestionAfterError()
    .exitOverride();
  registerRunCommands(program, context);
  registerUseCommands(program, context);
  registerProjectCommands(program, context);
  return program;
}

function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
