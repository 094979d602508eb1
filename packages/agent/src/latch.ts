import type { EstopReport } from "@dimos/core";
import { messageOf } from "./errors.ts";
import { halt } from "./halt.ts";
import type { SkillOutcome, Turn } from "./turn.ts";

/** As `dimos estop` and a program reset it; the agent cannot. */
export const RESET = '"dimos estop --reset"';
const SHOWN_CHARACTERS = 100;

/** Shown to everybody who is refused while the stop is latched. */
export function estopReason(text: string): string {
  const said = text.replace(/[\p{C}\s]+/gu, " ").trim();
  return `said to the agent: "${said.length > SHOWN_CHARACTERS ? `${said.slice(0, SHOWN_CHARACTERS)}…` : said}"`;
}

/**
 * Says what became of an emergency stop. When nothing confirmed it, every robot is halted by its skills.
 *
 * @param latching the stop, which was begun before anything else
 * @param howFar what the robot had done by then, as sentences
 */
export async function latch(
  turn: Turn,
  latching: Promise<EstopReport> = turn.estop(),
  howFar: () => Promise<string> = async () => "",
): Promise<SkillOutcome> {
  let report: EstopReport;
  try {
    report = await latching;
  } catch (error) {
    const problem = `The emergency stop could not be latched: ${messageOf(error)} Use the switch of the robot, or "dimos estop".`;
    turn.refuse(problem);
    await halt(turn);
    return { ok: false, error: problem };
  }
  const latched = `The emergency stop is latched: nothing moves until a person resets it with ${RESET}.`;
  turn.say(`${latched} ${await howFar()}`.trimEnd());
  const unsure = report.unconfirmed.filter(({ killed }) => !killed).map(({ worker }) => worker);
  if (unsure.length > 0)
    turn.refuse(`${unsure.join(", ")} did not confirm it. Look at the robot, and use its own switch if it moves.`);
  return { ok: true, isDone: unsure.length === 0, value: report };
}
