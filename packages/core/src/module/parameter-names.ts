/** Names of a function's parameters as its source has them: `(a, b = 2) => ...` gives `["a", "b?"]`. */
export function parameterNames(target: (...args: never[]) => unknown): string[] {
  const source = Function.prototype.toString.call(target);
  const list = parameterList(source);
  return splitTopLevel(list)
    .map((parameter) => parameter.trim())
    .filter((parameter) => parameter !== "")
    .map(nameOf);
}

function parameterList(source: string): string {
  const bare = /^(?:async\s+)?([A-Za-z_$][\w$]*)\s*=>/.exec(source);
  if (bare?.[1] !== undefined) return bare[1];
  const start = source.indexOf("(");
  let depth = 0;
  for (let index = start; index < source.length; index++) {
    if ("([{".includes(source[index] as string)) depth++;
    if (")]}".includes(source[index] as string) && --depth === 0) return source.slice(start + 1, index);
  }
  return "";
}

function splitTopLevel(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of list) {
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character)) depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function nameOf(parameter: string): string {
  if (parameter.startsWith("{")) return "options";
  if (parameter.startsWith("[")) return "list";
  const [name = "", fallback] = parameter.split("=");
  return fallback === undefined ? name.trim() : `${name.trim()}?`;
}
