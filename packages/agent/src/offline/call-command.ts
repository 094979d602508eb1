import { coerceText, type JsonSchema, type SkillTool } from "@dimos/core";
import { suggest } from "@dimos/rpc";
import { messageOf } from "../errors.ts";
import { qualifiedName } from "../run-skills.ts";
import { noSuchSkill, type Plan, propertiesOf } from "./plan.ts";

const WORDS = /[\w$-]+=(?:"[^"]*"|'[^']*'|[[{].*[\]}]|\S*)|\S+/gs;
const PAIR = /^([A-Za-z_$][\w$-]*)=(.*)$/s;

/** Reads `call relativeMove forward=1`, or just `relativeMove forward=1`; undefined when a message is neither. */
export function planCall(text: string, tools: readonly SkillTool[]): Plan | undefined {
  const [first = "", ...others] = text.trim().match(WORDS) ?? [];
  const isCall = /^call$/i.test(first);
  const [name = "", ...texts] = isCall ? others : [first, ...others];
  const found = toolsOf(name, tools);
  if (isCall && /^(?:this|here)$/.test(name)) return undefined;
  if (!isCall && (found.length === 0 || !texts.every((one) => PAIR.test(one)))) return undefined;
  const [tool] = found;
  if (tool === undefined) return { problem: unknownSkill(name, tools) };
  if (found.length > 1) {
    return { problem: `Several modules have a skill "${name}". Use one of: ${found.map(qualifiedName).join(", ")}.` };
  }
  try {
    return { calls: [{ tool, input: inputOf(texts, tool) }] };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** By its name, as `Module.skill`, or as a language model calls it. */
function toolsOf(name: string, tools: readonly SkillTool[]): readonly SkillTool[] {
  return tools.filter((one) => one.tool === name || one.skill.name === name || qualifiedName(one) === name);
}

function unknownSkill(name: string, tools: readonly SkillTool[]): string {
  if (name === "") return 'Say which skill: "call relativeMove forward=1".';
  const [near] = suggest(name, [...tools.map(({ skill }) => skill.name), ...tools.map(qualifiedName)], 1);
  return near === undefined ? noSuchSkill(name, tools) : `There is no skill "${name}". Did you mean "${near}"?`;
}

function inputOf(texts: readonly string[], tool: SkillTool): Record<string, unknown> {
  if (texts[0]?.startsWith("{") === true) return parseObject(texts.join(" "));
  const properties = propertiesOf(tool);
  return Object.fromEntries(
    texts.map((text) => {
      const [, key, value] = PAIR.exec(text) ?? [];
      if (key === undefined || value === undefined)
        throw new Error(`The input of a skill is key=value pairs, or one JSON object; I got "${text}".`);
      const schema = properties[key] as JsonSchema | undefined;
      if (schema === undefined) {
        const [near] = suggest(key, Object.keys(properties), 1);
        const hint =
          near === undefined
            ? `It takes: ${Object.keys(properties).join(", ") || "nothing"}.`
            : `Did you mean "${near}"?`;
        throw new Error(`${tool.skill.name} does not take "${key}". ${hint}`);
      }
      return [key, coerceText(value.replace(/^(["'])(.*)\1$/s, "$2"), schema, key)];
    }),
  );
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`The input is not JSON: ${messageOf(error)}.`, { cause: error });
  }
}
