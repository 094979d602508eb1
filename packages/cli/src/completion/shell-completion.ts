import { printable } from "@dimos/rpc/printable";
import type { App } from "../connection/connect.ts";

/** Members of `app` that are worth a Tab. */
const MEMBERS = [
  "call",
  "describe",
  "getModule",
  "health",
  "listModules",
  "listRpcs",
  "listSkills",
  "modules",
  "on",
  "peekStream",
  "restart",
  "run",
  "runId",
  "skills",
  "state",
  "subscribe",
  "unload",
] as const;

export type Completion = readonly [choices: string[], completed: string];

/**
 * What Tab offers after `app.`, `skills.` and `Module.`, and for the input of a skill; undefined for everything else.
 * Node's own completion would read the unfinished name, which these objects refuse as unknown.
 */
export function completeLine(line: string, app: App): Completion | undefined {
  const [, skill, typed] = /\b([\w$]+)\(\s*\{[^{}]*?([\w$]*)$/.exec(line) ?? [];
  if (skill !== undefined && typed !== undefined) return fitting(inputsOf(skill, app), typed);
  const [, owner, start] = /(?:^|[^\w$.])([\w$]+(?:\.[\w$]+)*)\.([\w$]*)$/.exec(line) ?? [];
  if (owner === undefined || start === undefined) return bareName(line, app);
  const names = membersOf(owner, app);
  return names === undefined ? undefined : fitting(names, start);
}

/** Names that the shell itself adds; of all others Node knows more. */
function bareName(line: string, app: App): Completion | undefined {
  const [, start] = /(?:^|[^\w$.])([A-Za-z_$][\w$]*)$/.exec(line) ?? [];
  if (start === undefined) return undefined;
  const found = fitting(["app", "skills", ...app.listModules().map(({ instance }) => instance)], start);
  return found[0].length === 0 ? undefined : found;
}

function membersOf(owner: string, app: App): readonly string[] | undefined {
  const modules = app.listModules().map(({ instance }) => instance);
  if (owner === "app") return [...MEMBERS, ...modules];
  if (owner === "skills" || owner === "app.skills") return app.listSkills().map(({ name }) => name);
  const [first = "", ...rest] = owner.replace(/^app\./, "").split(".");
  if (!modules.includes(first)) return owner.startsWith("app.") ? [] : undefined;
  return rest.length === 0 ? app.listRpcs(first).map(({ name }) => name) : [];
}

function inputsOf(skill: string, app: App): readonly string[] {
  const found = app.listSkills().find(({ name }) => name === skill);
  return Object.keys((found?.input.properties ?? {}) as object).map((name) => `${name}: `);
}

function fitting(names: readonly string[], start: string): Completion {
  // The prompt would draw it as it is, and it could not be typed.
  return [names.filter((name) => name.startsWith(start) && printable(name) === name), start];
}
