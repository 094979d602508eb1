import type { SkillTool } from "@dimos/core";
import type { Brain } from "../brain.ts";
import { halt } from "../halt.ts";
import { latch } from "../latch.ts";
import { namespaceOf } from "../run-skills.ts";
import type { Turn } from "../turn.ts";
import { planCall } from "./call-command.ts";
import type { Command } from "./command.ts";
import { helpText } from "./help.ts";
import { misunderstanding } from "./misunderstanding.ts";
import { parseMessage } from "./parse.ts";
import { type PlannedCall, planCommand } from "./plan.ts";
import { LABEL, reportResult, withFullStop } from "./sentences.ts";

const TRY_HELP = 'Say "help" for what I understand.';

/** A command with the calls that it comes to. */
interface Step {
  readonly words: string;
  readonly action: Command["action"]["kind"] | "call";
  readonly calls: readonly PlannedCall[];
}

/** Understands fixed forms of words: the same message always does the same. Needs no key and no network. */
export class OfflineBrain implements Brain {
  readonly label = LABEL;
  readonly #home: string;

  /** @param instance of the agent: skills in its own namespace come first */
  constructor(instance: string) {
    this.#home = namespaceOf(instance);
  }

  /** Everything is understood before anything is done: half of a message may be worse than none of it. */
  async answer(turn: Turn): Promise<void> {
    const tools = await turn.skills();
    const steps = this.#plan(turn.text, tools);
    if (typeof steps === "string") return turn.refuse(steps);
    for (const [index, step] of steps.entries()) {
      if (await this.#do(step, turn, tools)) continue;
      const rest = steps.slice(index + 1).map(({ words }) => `"${words}"`);
      if (rest.length > 0) turn.say(`I did not go on with ${rest.join(", ")}.`);
      return;
    }
  }

  /** The steps of a message, or a sentence that says why there are none. */
  #plan(text: string, tools: readonly SkillTool[]): readonly Step[] | string {
    const call = planCall(text, tools);
    if (call !== undefined) {
      return "problem" in call ? call.problem : [{ words: text, action: "call", calls: call.calls }];
    }
    const robots = [...new Set(tools.map(({ instance }) => namespaceOf(instance)))].filter((name) => name !== "");
    const { commands, unknown } = parseMessage(text, robots);
    if (unknown.length > 0) return misunderstanding(unknown, tools);
    if (commands.length === 0) return `I heard nothing that I could do. ${TRY_HELP}`;
    const steps: Step[] = [];
    for (const command of commands) {
      const plan = planCommand(command, tools, this.#home);
      if ("problem" in plan) return `${plan.problem} I have done nothing.`;
      steps.push({ words: command.words, action: command.action.kind, calls: plan.calls });
    }
    return steps;
  }

  /** Resolves to whether it was done. */
  async #do({ action, calls }: Step, turn: Turn, tools: readonly SkillTool[]): Promise<boolean> {
    if (action === "help") turn.say(helpText(tools));
    if (action === "stop") await halt(turn);
    if (action === "estop") await latch(turn);
    for (const { tool, input } of calls) {
      const outcome = await turn.call(tool, input);
      if (!outcome.ok) turn.refuse(`That did not work: ${withFullStop(outcome.error)}${hintFor(outcome.code)}`);
      else if (outcome.isDone) turn.say(reportResult(tool, outcome.value));
      else turn.refuse(reportResult(tool, outcome.value));
      if (!outcome.ok || !outcome.isDone) return false;
    }
    return !turn.hasFailed;
  }
}

/** A skill that goes on in the background ends with "stop"; one that somebody else has called ends by itself. */
function hintFor(code: unknown): string {
  return code === "CAPABILITY_HELD" ? ' Say "stop" to end that.' : "";
}
