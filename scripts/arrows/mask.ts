const REGEX_MAY_FOLLOW = /(?:^|[=([{,;:!&|?+\-*%^~<>]|\b(?:return|typeof|case|in|of|await|void|throw))$/;

/**
 * The same text with comments, template text, regular expressions and the insides of strings blanked out, so that what
 * looks like an import in one of them is not taken for one. Offsets and line breaks stay where they are.
 */
export function mask(text: string): string {
  const out: string[] = [];
  const braces: ("block" | "template")[] = [];
  let at = 0;

  const blank = (end: number) => {
    out.push(text.slice(at, end).replaceAll(/[^\n]/g, " "));
    at = end;
  };
  const keep = (length: number) => {
    out.push(text.slice(at, at + length));
    at += length;
  };
  const template = () => {
    const rest = /\$\{|`/g;
    rest.lastIndex = at;
    let found = rest.exec(text);
    while (found !== null && isEscaped(text, found.index)) found = rest.exec(text);
    blank(found === null ? text.length : found.index + found[0].length);
    if (found?.[0] === "${") braces.push("template");
  };

  while (at < text.length) {
    const rest = text.slice(at, at + 2);
    if (rest === "//") blank(endOf(text, "\n", at));
    else if (rest === "/*") blank(endOf(text, "*/", at + 2) + 2);
    else if (rest[0] === '"' || rest[0] === "'") {
      const end = stringEnd(text, at);
      keep(1);
      blank(end - 1);
      keep(1);
    } else if (rest[0] === "`") {
      blank(at + 1);
      template();
    } else if (rest[0] === "/" && REGEX_MAY_FOLLOW.test(tail(out))) blank(regexEnd(text, at));
    else if (rest[0] === "{") {
      braces.push("block");
      keep(1);
    } else if (rest[0] === "}" && braces.pop() === "template") {
      blank(at + 1);
      template();
    } else keep(1);
  }
  return out.join("");
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end;
}

function stringEnd(text: string, from: number): number {
  let end = from + 1;
  while (end < text.length && text[end] !== text[from]) end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}

function regexEnd(text: string, from: number): number {
  let inClass = false;
  let end = from + 1;
  for (; end < text.length && text[end] !== "\n"; end++) {
    if (text[end] === "\\") end++;
    else if (text[end] === "[") inClass = true;
    else if (text[end] === "]") inClass = false;
    else if (text[end] === "/" && !inClass) return end + 1;
  }
  return end;
}

/** The last code before this place, across blanked comments and line breaks. */
function tail(out: readonly string[]): string {
  let text = "";
  for (let index = out.length - 1; index >= 0 && text.length < 12; index--) {
    text = out[index] + text;
    if (text.trim() === "") text = "";
  }
  return text.trimEnd();
}
