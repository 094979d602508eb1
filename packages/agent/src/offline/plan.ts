import type { SkillTool } from "@dimos/core";
import { RESET } from "../latch.ts";
import { namespaceOf, qualifiedName } from "../run-skills.ts";
import type { Action, Command } from "./command.ts";

/** A call of a skill, ready to be made. */
export interface PlannedCall {
  readonly tool: SkillTool;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a command comes to here: calls to make one after the other, or a sentence that says why it cannot be done. */
export type Plan = { readonly calls: readonly PlannedCall[] } | { readonly problem: string };

/** How many skills a sentence names. */
const NAMED_SKILLS = 12;

/** Finds the skills for a command among those that are there: by name, and by what their schema takes. */
export function planCommand({ action, robot, words }: Command, tools: readonly SkillTool[], home: string): Plan {
  const call = (skill: string, input: Readonly<Record<string, unknown>>): Plan => {
    const tool = findTool(skill, tools, robot, home);
    if (typeof tool === "string") return { problem: tool };
    const missing = Object.keys(input).filter((name) => !(name in propertiesOf(tool)));
    const beyond = Object.entries(input).flatMap(([name, value]) =>
      beyondRange(skill, name, value, propertiesOf(tool)),
    );
    if (beyond[0] !== undefined) return { problem: beyond[0] };
    if (missing.length === 0) return { calls: [{ tool, input }] };
    return { problem: `The skill "${skill}" does not take ${missing.map((name) => `"${name}"`).join(" and ")} here.` };
  };
  switch (action.kind) {
    case "move":
      return call("relativeMove", action.left === 0 ? { forward: action.forward } : { left: action.left });
    case "turn":
      return call("relativeMove", { degrees: action.degrees });
    case "goTo":
      return call("navigateTo", { x: action.x, y: action.y });
    case "goToPlace":
      return call("navigateTo", { place: action.place });
    case "tagPlace":
      return tagPlace(action, tools, robot, home);
    case "wait":
      return call("wait", { seconds: action.seconds });
    case "skill":
      return call(action.skill, {});
    case "stop":
    case "estop":
    case "help":
      return { calls: [] };
    case "return":
      return { problem: whereBack(words, tools) };
    case "resetEstop":
      return {
        problem: `I cannot reset an emergency stop. A person looks at the robot first, then resets it with ${RESET}.`,
      };
    default:
      return action satisfies never;
  }
}

/** The skill of that name: of the robot that was named, else of the agent's own, else the only one; or a sentence. */
function findTool(
  name: string,
  tools: readonly SkillTool[],
  robot: string | undefined,
  home: string,
): SkillTool | string {
  const named = tools.filter(({ skill }) => skill.name === name);
  const of = (namespace: string) => named.filter(({ instance }) => namespaceOf(instance) === namespace);
  const own = robot === undefined ? of(home) : of(robot);
  const found = robot !== undefined || own.length > 0 ? own : named;
  const [tool] = found;
  if (tool === undefined) return noSuchSkill(name, tools, robot);
  if (found.length === 1) return tool;
  const robots = [...new Set(found.map(({ instance }) => namespaceOf(instance)))];
  if (robots.length === found.length)
    return `Several robots can do that: ${robots.join(", ")}. Say which one first, as in "${robots[0]}: walk forward 2 meters".`;
  return `Several modules have a skill "${name}". Say which: ${found.map((one) => `"call ${qualifiedName(one)}"`).join(" or ")}.`;
}

export function noSuchSkill(name: string, tools: readonly SkillTool[], robot?: string): string {
  const where = robot === undefined ? "in this run" : `on ${robot}`;
  const names = [...new Set(tools.map(({ skill }) => skill.name))];
  const more = names.length > NAMED_SKILLS ? `, and ${names.length - NAMED_SKILLS} more` : "";
  const there = names.length === 0 ? "There are none" : `There are ${names.slice(0, NAMED_SKILLS).join(", ")}${more}`;
  return `For that I need a skill "${name}", and there is none ${where}. ${there}.`;
}

/** Names of places go into the one text that the skill takes. */
function tagPlace(
  { place }: Extract<Action, { kind: "tagPlace" }>,
  tools: readonly SkillTool[],
  robot: string | undefined,
  home: string,
): Plan {
  const tool = findTool("tagLocation", tools, robot, home);
  if (typeof tool === "string") return { problem: tool };
  const texts = Object.entries(propertiesOf(tool)).filter(([, schema]) => schema.type === "string");
  const [name] = texts.find(([key]) => /place|name|location/.test(key)) ?? texts[0] ?? [];
  if (name === undefined) return { problem: 'The skill "tagLocation" takes no name here.' };
  return { calls: [{ tool, input: { [name]: place } }] };
}

/** What a schema says of one property. */
interface Property {
  readonly type?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}

export function propertiesOf({ skill }: SkillTool): Readonly<Record<string, Property>> {
  return (skill.input.properties ?? {}) as Readonly<Record<string, Property>>;
}

/** A number that the skill would refuse: known before anything of the message is done. */
function beyondRange(
  skill: string,
  name: string,
  value: unknown,
  properties: Readonly<Record<string, Property>>,
): readonly string[] {
  const { minimum, maximum } = properties[name] ?? {};
  if (typeof value !== "number") return [];
  if (typeof maximum === "number" && value > maximum)
    return [`The skill "${skill}" takes ${name} up to ${maximum}, and not ${value}.`];
  if (typeof minimum === "number" && value < minimum)
    return [`The skill "${skill}" takes ${name} from ${minimum} on, and not ${value}.`];
  return [];
}

/** Backwards is the one way that "come back" surely does not mean. */
function whereBack(words: string, tools: readonly SkillTool[]): string {
  const knowsPlaces = tools.some((tool) => tool.skill.name === "navigateTo" && "place" in propertiesOf(tool));
  const where = knowsPlaces ? 'Say to which place, as in "go to the kitchen", or ' : "Say ";
  return `I do not know where "${words}" leads: I do not remember where I came from. ${where}how far, as in "walk backwards 1 m".`;
}
