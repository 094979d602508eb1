import { qualifiedName } from "./run-skills.ts";
import type { Turn } from "./turn.ts";

/** Skills that halt a robot. What goes on in the background names the skill that ends it. */
const STOP_SKILLS: ReadonlySet<string> = new Set(["stopMovement", "stopNavigation"]);
/** Whoever says stop must hear soon when that did not work. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Halts every robot of the run, all at once. What was under way in the conversation is aborted already.
 *
 * @param howFar what the robot had done by then, as sentences
 */
export async function halt(turn: Turn, howFar: () => Promise<string> = async () => ""): Promise<void> {
  const skills = await turn.skills();
  const endings = skills.flatMap(({ instance, skill: { endedBy } }) =>
    endedBy === undefined ? [] : [`${instance}.${endedBy}`],
  );
  const found = skills.filter((tool) => STOP_SKILLS.has(tool.skill.name) || endings.includes(qualifiedName(tool)));
  const outcomes = await Promise.all(
    found.map(async (tool) => ({ tool, outcome: await turn.call(tool, {}, { timeoutMs: STOP_TIMEOUT_MS }) })),
  );
  const failures = outcomes.flatMap(({ tool, outcome }) => (outcome.ok ? [] : [`${tool.tool}: ${outcome.error}`]));
  if (found.length === 0) turn.say("I have stopped what I was doing. No skill here halts the robot.");
  else if (failures.length === 0) turn.say(`Stopped. ${await howFar()}`.trimEnd());
  else turn.refuse(`I tried to stop, but not everything worked: ${failures.join("; ")}`);
}
