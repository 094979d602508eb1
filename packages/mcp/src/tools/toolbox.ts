import { CallerSilentError, type ModuleRun, qualifiedToolName, toolNames } from "@dimos/core";
import type { CallToolResult, Tool } from "@modelcontextprotocol/server";
import { UnknownToolError } from "../errors.ts";
import { type BuiltInTool, builtInTools } from "./built-in-tools.ts";
import { CallRecords } from "./call-records.ts";
import { unknownArgument } from "./check-arguments.ts";
import { type OfferedSkill, offeredSkills, skillTool } from "./skill-tool.ts";
import { failedResult, thrownResult, toolResult } from "./tool-result.ts";

/** As of an argument that its schema refuses. */
const INVALID_INPUT = "INVALID_INPUT";

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
    const skills = [...(await this.#skills())].map(([name, skill]) => skillTool(name, skill));
    return [...skills, ...[...this.#builtIn.values()].map(({ tool }) => tool)];
  }

  /** Calls a tool. What goes wrong in it is a result that says so; rejects with `UnknownToolError` when there is none. */
  async call(name: string, args: Readonly<Record<string, unknown>>, options: ToolCallOptions): Promise<CallToolResult> {
    const { input, invoke } = await this.#find(name);
    const problem = unknownArgument(name, input, args);
    if (problem !== undefined) return failedResult(problem, INVALID_INPUT);
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

  async #find(name: string) {
    const builtIn = this.#builtIn.get(name);
    if (builtIn !== undefined)
      return { input: builtIn.tool.inputSchema, invoke: (args: Record<string, unknown>) => builtIn.call(args) };
    const skills = await this.#skills();
    const found = skills.get(name) ?? [...skills.values()].find((skill) => qualifiedToolName(skill) === name);
    if (found === undefined) throw new UnknownToolError(name, [...skills.keys(), ...this.#builtIn.keys()]);
    const { instance, skill, description } = found;
    const invoke = (args: Record<string, unknown>, options: Parameters<ToolRun["call"]>[3]) =>
      this.#run.call(instance, skill, [args], options);
    return { input: description.input, invoke };
  }

  async #skills(): Promise<ReadonlyMap<string, OfferedSkill>> {
    return toolNames(offeredSkills(await this.#run.listModules()), new Set(this.#builtIn.keys()));
  }
}

/** A client that was silent reads this when it wakes up. */
function cancelledResult(name: string, reason: unknown): CallToolResult {
  return reason instanceof CallerSilentError
    ? thrownResult(reason)
    : failedResult(`${name} was cancelled`, "CALL_ABORTED");
}

function noteLate(note: ReturnType<CallRecords["begin"]>, late: PromiseSettledResult<unknown>): void {
  note("cancelled", late.status === "fulfilled" ? toolResult(late.value) : thrownResult(late.reason));
}
