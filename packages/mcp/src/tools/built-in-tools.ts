import { InvalidInputError, type ModuleRun, SkillNotOfferedError } from "@dimos/core";
import type { Tool } from "@modelcontextprotocol/server";
import type { CallRecords } from "./call-records.ts";

/** A tool that is not a skill. */
export interface BuiltInTool {
  readonly tool: Tool;
  call(args: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface BuiltInOptions {
  readonly run: Pick<ModuleRun, "runId" | "listModules" | "estop">;
  readonly records: CallRecords;
  /** Publishes what a person said, and says what came of that. */
  readonly say: (text: string) => Promise<string>;
}

/** Shown to everybody who is refused meanwhile. */
const ESTOP_REASON = "asked for over MCP";

/** What an agent can do beside the skills of the robot. */
export function builtInTools({ run, records, say }: BuiltInOptions): readonly BuiltInTool[] {
  return [
    {
      tool: readingTool(
        "server_status",
        "How the run is doing: states of its modules, and the last tool calls, newest first. What a cancelled call had done by then stands in its outcome.",
      ),
      call: async () => {
        const modules = await run.listModules();
        return {
          run: run.runId,
          modules: Object.fromEntries(modules.map(({ instance, state }) => [instance, state])),
          calls: records.list(),
        };
      },
    },
    {
      tool: readingTool("list_modules", "The modules of the run with their states and skills."),
      call: async () => ({
        modules: (await run.listModules()).map(({ instance, className, state, restarts, description }) => ({
          instance,
          className,
          state,
          restarts,
          skills: description.skills.map(({ name }) => name),
          ...(description.unoffered.length === 0
            ? {}
            : {
                notOffered: description.unoffered.map((skill) => ({
                  name: skill.name,
                  reason: new SkillNotOfferedError(`${instance}.${skill.name}`, skill).message,
                })),
              }),
        })),
      }),
    },
    {
      tool: {
        name: "emergency_stop",
        description:
          "Latch the emergency stop of the whole run: every robot halts at once, and none moves until a person resets it (`dimos estop --reset`), which no tool can do. For danger, and when a person says so; to end a move, cancel its call or call the skill that stops it.",
        inputSchema: {
          type: "object",
          properties: { reason: { type: "string", minLength: 1, maxLength: 500, description: "why, in a few words" } },
          // A robot is stopped whatever else is said with it, also by somebody who misspells "reason".
          additionalProperties: true,
        },
        annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
      },
      call: async ({ reason }) => {
        const { estop, halted, unconfirmed } = await run.estop(
          typeof reason === "string" && reason !== "" ? reason : ESTOP_REASON,
        );
        return { latched: estop.latched, halted, unconfirmed, reset: "dimos estop --reset" };
      },
    },
    {
      tool: {
        name: "agent_send",
        description:
          "Say something to the robot's own agent, as a person would. Returns at once; the agent answers on its own stream.",
        inputSchema: {
          type: "object",
          properties: { message: { type: "string", minLength: 1, description: "what to say" } },
          required: ["message"],
          additionalProperties: false,
        },
      },
      call: async ({ message }) => {
        if (typeof message !== "string" || message === "")
          throw new InvalidInputError("input", ["message: expected a text that is not empty"]);
        return say(message);
      },
    },
  ];
}

function readingTool(name: string, description: string): Tool {
  return {
    name,
    description,
    inputSchema: { type: "object", properties: {}, additionalProperties: false },
    annotations: { readOnlyHint: true },
  };
}
