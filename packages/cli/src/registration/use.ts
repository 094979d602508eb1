import type { Command } from "commander";
import type { CommandContext } from "./context.ts";

/** Commands that use what runs. Each is imported when it is run. */
export function registerUseCommands(program: Command, context: CommandContext): void {
  registerSkillCommands(program, context);
  registerModuleCommands(program, context);
  registerTopicCommands(program, context);
  registerAgentCommand(program, context);
  registerLiveCommands(program, context);
  registerMcpCommands(program, context);
}

function registerSkillCommands(program: Command, { signal, finish }: CommandContext): void {
  const group = program.command("skill").description("list and call the skills of what runs");
  forRun(group.command("list").description("what the robot can do")).action(async (options) => {
    const { listSkills } = await import("../commands/skill.ts");
    await finish(listSkills(options));
  });
  forRun(group.command("call").description("call a skill; Ctrl-C aborts it"))
    .argument("<name>", "relativeMove, or UnitreeSkills.relativeMove")
    .argument("[input...]", "forward=2 degrees=90, or one JSON object")
    .option("--timeout <time>", "give up after this time: 5, 30s, 2m")
    .action(async (name, input, options) => {
      const { callSkill } = await import("../commands/skill.ts");
      await finish(callSkill(name, input, options, signal));
    });
}

function registerModuleCommands(program: Command, { signal, finish }: CommandContext): void {
  forRun(program.command("call").description("call a method of a module; Ctrl-C aborts it"))
    .argument("<method>", "Camera.capture")
    .argument("[args...]", "JSON values, or key=value pairs for one object")
    .option("--debug-calls", "undeclared methods and deep paths too, of a run that was started with --debug-calls")
    .option("--timeout <time>", "give up after this time: 5, 30s, 2m")
    .action(async (method, args, _options, command: Command) => {
      const { call } = await import("../commands/call.ts");
      await finish(call(method, args, command.optsWithGlobals(), signal));
    });
  forRun(program.command("get").description("read an attribute of a module, in its own process"))
    .argument("<path>", "ReplanningAStarPlanner._planner._safeGoalClearance")
    .action(async (path, options) => {
      const { get } = await import("../commands/get.ts");
      await finish(get(path, options));
    });
  const group = program.command("module").description("list and describe the modules of what runs");
  forRun(group.command("list").description("modules with their state and worker")).action(async (options) => {
    const { listModules } = await import("../commands/module.ts");
    await finish(listModules(options));
  });
  forRun(group.command("describe").description("ports, references and methods of a module"))
    .argument("<module>", "Camera, or Camera.capture")
    .action(async (target, options) => {
      const { describeModule } = await import("../commands/module.ts");
      await finish(describeModule(target, options));
    });
}

function registerTopicCommands(program: Command, context: CommandContext): void {
  const { signal, finish } = context;
  const group = program.command("topic").description("list, read and publish the streams of what runs");
  forRun(group.command("list").description("streams with their message types, publishers and receivers")).action(
    async (options) => {
      const { listTopics } = await import("../commands/topic-list.ts");
      await finish(listTopics(options));
    },
  );
  forRun(group.command("echo").description("print messages as they come"))
    .argument("<topic>", "odom, /odom or Go2Connection.odom")
    .option("-n, --count <number>", "end after so many")
    .option("--timeout <time>", "give up after this time: 5, 30s, 2m")
    .action(async (topic, options) => {
      const { echoTopic } = await import("../commands/topic.ts");
      await finish(echoTopic(topic, options, signal));
    });
  forRun(group.command("hz").description("show how often messages come"))
    .argument("<topic>", "odom, /odom or Go2Connection.odom")
    .option("-n, --count <number>", "end after so many seconds")
    .action(async (topic, options) => {
      const { topicRate } = await import("../commands/topic.ts");
      await finish(topicRate(topic, options, signal));
    });
  registerPublish(group, context);
}

function registerPublish(group: Command, { signal, finish }: CommandContext): void {
  forRun(group.command("pub").description("publish a message: once, so often, or with --rate until Ctrl-C"))
    .argument("<topic>", "goalRequest, /goalRequest or Planner.goalRequest")
    .argument("[message...]", "one JSON value, or key=value pairs: linear.x=0.5")
    .option("-r, --rate <hz>", "so many messages per second, until Ctrl-C")
    .option("-n, --count <number>", "end after so many; one per second without --rate")
    .action(async (topic, message, options) => {
      const { publishTopic } = await import("../commands/topic-pub.ts");
      await finish(publishTopic(topic, message, options, signal));
    });
}

function registerMcpCommands(program: Command, { signal, finish }: CommandContext): void {
  const group = program.command("mcp").description("what agents see of a run: its skills as tools");
  forRun(group.command("list-tools").description("the tools that the run's McpServer offers")).action(
    async (options) => {
      const { listTools } = await import("../commands/mcp.ts");
      await finish(listTools(options));
    },
  );
  forRun(group.command("call").description("call a tool as an agent does; Ctrl-C cancels it"))
    .argument("<tool>", "relativeMove, or robot0_UnitreeSkills_relativeMove")
    .argument("[input...]", "forward=2 degrees=90, or one JSON object")
    .option("--timeout <time>", "give up after this time: 5, 30s, 2m")
    .action(async (tool, input, options) => {
      const { callTool } = await import("../commands/mcp.ts");
      await finish(callTool(tool, input, options, signal));
    });
  forRun(group.command("status").description("where agents connect to, and whether it answers")).action(
    async (options) => {
      const { mcpStatus } = await import("../commands/mcp.ts");
      await finish(mcpStatus(options));
    },
  );
  group
    .command("stdio")
    .description("serve a run to an agent on standard input and output")
    .argument("[run]", "id or name of a run, or a beginning of it; not needed while one is alive")
    .option("--run <run>", "the same as the argument")
    .action(async (run, options) => {
      const { serveStdio } = await import("../commands/mcp-stdio.ts");
      await finish(serveStdio(run ?? options.run, signal));
    });
}

function registerAgentCommand(program: Command, { signal, finish }: CommandContext): void {
  forRun(program.command("agent-send").description("say something to the robot's agent; Ctrl-C stops the robot"))
    .argument("<text>", '"walk forward 2 meters"')
    .argument("[run]", "the same as --run")
    .option("--agent <instance>", "which one, when several run")
    .option("--no-wait", "do not wait for what it says and does")
    .option("--timeout <time>", "stop the robot after this time: 5, 30s, 2m")
    .action(async (text, run, options) => {
      const { agentSend } = await import("../commands/agent-send.ts");
      await finish(agentSend(text, run === undefined ? options : { ...options, run }, signal));
    });
}

function registerLiveCommands(program: Command, { signal, finish }: CommandContext): void {
  forRun(program.command("top").description("processor, memory, event loop, calls and messages of a run, until Ctrl-C"))
    .option("--once", "measure for a second, print, and end")
    .action(async (options) => {
      const { top } = await import("../commands/top.ts");
      await finish(top(options, signal));
    });
  program
    .command("shell")
    .description("a Node REPL with app, a connection to what runs")
    .option("--run <run>", "id or name of a run, or a beginning of it; not needed while one is alive")
    .action(async (options) => {
      const { shell } = await import("../commands/shell.ts");
      await finish(shell(options, signal));
    });
}

function forRun(command: Command): Command {
  return command
    .option("--run <run>", "id or name of a run, or a beginning of it; not needed while one is alive")
    .option("--json", "print JSON");
}
