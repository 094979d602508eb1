import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

/** Commands that start, watch and end runs. Each is imported when it is run. */
export function registerRunCommands(program: Command, { argv, signal, finish }: CommandContext): void {
  program
    .command("run")
    .argument("[names...]", "blueprints or modules: unitree-go2-agentic, ./bot.ts, @acme/rover#patrol")
    .description("run blueprints until Ctrl-C, or with --daemon in the background")
    .usage("<names...> [--daemon] [--<setting> VALUE]...")
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_names, _options, command: Command) => {
      const { run } = await import("../commands/run.ts");
      const own = argv.slice(argv.indexOf(command.name()) + 1);
      // A setting of the run, which may stand before the command as well.
      const settings = program.opts().debugCalls === true ? ["--debug-calls"] : [];
      await finish(run([...own, ...settings], signal));
    });
  program
    .command("status")
    .argument("[run]", "id or name of a run, or a beginning of it; also of an ended one")
    .description("show what runs, and how it is doing")
    .option("--run <run>", "the same as the argument")
    .option("--all", "ended runs as well")
    .option("--watch", "go on until Ctrl-C")
    .option("--json", "print JSON")
    .action(async (run, options) => {
      const { status } = await import("../commands/status.ts");
      await finish(status(run ?? options.run, options, signal));
    });
  program
    .command("stop")
    .argument("[runs...]", "ids or names of runs; not needed while one is alive")
    .description("stop a run, and return when nothing of it is left")
    .option("--run <run>", "the same as the argument")
    .option("--all", "every run")
    .option("--force", "kill at once")
    .option("--timeout <time>", "what a run has to end by itself, before it is killed: 10, 30s, 1m", "10s")
    .action(async (runs, options) => {
      const { stop } = await import("../commands/stop.ts");
      await finish(stop(options.run === undefined ? runs : [...runs, options.run], options, signal));
    });
  program
    .command("estop")
    .argument("[run]", "id or name of a run; without it every run that is alive is stopped")
    .description("emergency stop: nothing moves until --reset")
    .option("--run <run>", "the same as the argument")
    .option("--reset", "let the robot move again")
    .option("--kill", "end workers that do not confirm within half a second")
    .option("--reason <text>", "shown to whoever is refused")
    .option("--json", "print JSON")
    .action(async (run, options) => {
      const { estop } = await import("../commands/estop.ts");
      await finish(estop(run ?? options.run, options));
    });
  program
    .command("log")
    .argument("[run]", "id or name of a run, or a beginning of it; also of an ended one")
    .description("show the log of a run, merged over its processes")
    .option("--run <run>", "the same as the argument")
    .option("-f, --follow", "go on with what comes, over restarts as well, until Ctrl-C")
    .option("-n, --lines <number>", "so many lines at most", "50")
    .option("-a, --all", "every line")
    .option("--module <module>", "of this module only")
    .option("--level <level>", "this level and worse: debug, info, warn, error")
    .option("--since <time>", "not older: 10m, 14:03, 2026-11-22T10:00; local time, unless it ends in Z or +02:00")
    .option("--grep <regexp>", "lines whose message or error matches")
    .option("--json", "print JSON lines")
    .action(async (run, options) => {
      const { log } = await import("../commands/log.ts");
      await finish(log(run ?? options.run, options, signal));
    });
  program
    .command("restart")
    .argument("[run]", "id or name of a run; not needed while one is alive")
    .description("start a run again as it was started, or one module of it with its edited source")
    .option("--run <run>", "the same as the argument")
    .option("--module <module>", "only this module, while everything else goes on")
    .option("--no-reload", "with --module: the code that is loaded already")
    .option("--force", "kill the old run instead of stopping it")
    .option("--daemon", "the new run in the background, however the old one ran")
    .option("--foreground", "the new run in this terminal, however the old one ran")
    .action(async (run, options) => {
      const { restart } = await import("../commands/restart.ts");
      await finish(restart(run ?? options.run, options, signal));
    });
}
