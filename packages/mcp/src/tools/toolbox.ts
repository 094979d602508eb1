import {
  CallerSilentError,
  findSkillTool,
  type ModuleRun,
  refuseUnknownFields,
  SkillNotOfferedError,
  type SkillTool,
  skillTools,
} from "@dimos/core";
import type { CallToolResult, Tool } from "@modelcontextprotocol/server";
import { UnknownToolError } from "../errors.ts";
import { type BuiltInTool, builtInTools } from "./built-in-tools.ts";
import { CallRecords } from "./call-records.ts";
import { OFFERING, protocolTool } from "./skill-tool.ts";
import { failedResult, thrownResult, toolResult } from "./tool-result.ts";

/** What a toolbox needs of a run. */
export type ToolRun = Pick<ModuleRun, "runId" | "listModules" | "call" | "estop">;

export interface ToolCallOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (value: unknown) => void;
  /** The skill holds a capability: from now on the client has to show that it lives. Returns what ends that. */
  readonly onAsking?: () => () => void;
}

/** Every skill of a run as a tool, as of now, and a few tools about the run itself. */
export class Toolbox {
  readonly #run: ToolRun;
  readonly #records = new CallRecords();
  readonly #builtIn: ReadonlyMap<string, BuiltInTool>;

  /** @param say publishes what a person said, and says what came of that */
  constructor(run: ToolRun, say: (text: string) => Promise<string>) {
    this.#run = run;
    const tools = builtInTools({ run, records: this.#records, say });
    this.#builtIn = new Map(tools.map((builtIn) => [builtIn.tool.name, builtIn]));
  }

  async list(): Promise<Tool[]> {
    return [...(await this.#skills()).map(protocolTool), ...[...this.#builtIn.values()].map(({ tool }) => tool)];
  }

  /** Calls a tool. What goes wrong in it is a result that says so; rejects with `UnknownToolError` when there is none. */
  async call(name: string, args: Readonly<Record<string, unknown>>, options: ToolCallOptions): Promise<CallToolResult> {
    const invoke = await this.#find(name);
    const note = this.#records.begin(name);
    try {
      const result = toolResult(await invoke(args, { ...options, onLateOutcome: (late) => noteLate(note, late) }));
      note("succeeded", result);
      return result;
    } catch (error) {
      const isCancelled = options.signal.aborted;
      const result = isCancelled ? cancelledResult(name, options.signal.reason) : thrownResult(error);
      // What a cancelled skill says when it has ended may still come.
      note(isCancelled ? "cancelled" : "failed", isCancelled ? undefined : result);
      return result;
    }
  }

  async #find(name: string): Promise<Invoke> {
    const builtIn = this.#builtIn.get(name);
    if (builtIn !== undefined)
      return async (args) => {
        refuseUnknownFields(args, builtIn.tool.inputSchema);
        return builtIn.call(args);
      };
    const skills = await this.#skills();
    const found = findSkillTool(skills, name);
    if (found !== undefined)
      return (args, options) => this.#run.call(found.instance, found.skill.name, [args], options);
    const unoffered = await this.#unoffered(name);
    if (unoffered !== undefined) return () => Promise.reject(unoffered);
    throw new UnknownToolError(name, [...skills.map(({ tool }) => tool), ...this.#builtIn.keys()]);
  }

  async #skills(): Promise<readonly SkillTool[]> {
    const modules = await this.#run.listModules();
    const offering = new Set(modules.filter(({ state }) => OFFERING.has(state)).map(({ instance }) => instance));
    const tools = skillTools(modules, new Set(this.#builtIn.keys()));
    return tools.filter(({ instance }) => offering.has(instance));
  }

  /** Why there is no tool for a skill of that name, when there is such a skill. */
  async #unoffered(name: string): Promise<SkillNotOfferedError | undefined> {
    for (const { instance, description } of await this.#run.listModules()) {
      const skill = description.unoffered.find((unoffered) => unoffered.name === name);
      if (skill !== undefined) return new SkillNotOfferedError(`${instance}.${name}`, skill);
    }
    return undefined;
  }
}

type Invoke = (
  args: Readonly<Record<string, unknown>>,
  options: NonNullable<Parameters<ToolRun["call"]>[3]>,
) => Promise<unknown>;

/** A client that was silent reads this when it wakes up. */
function cancelledResult(name: string, reason: unknown): CallToolResult {
  return reason instanceof CallerSilentError
    ? thrownResult(reason)
    : failedResult(`${name} was cancelled`, "CALL_ABORTED");
}

function noteLate(note: ReturnType<CallRecords["begin"]>, late: PromiseSettledResult<unknown>): void {
  note("cancelled", late.status === "fulfilled" ? toolResult(late.value) : thrownResult(late.reason));
}
