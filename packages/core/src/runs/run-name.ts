import { InvalidArgumentError } from "@dimos/rpc";

const MAX_NAME_LENGTH = 64;
const RUN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What the name of a run may be, as the end of `takes ...` or `must be ...`. */
export const RUN_NAME_RULE =
  "a name of at most 64 letters, digits, dots, dashes and underscores that begins with a letter or digit";

/** Whether people can name a run so in a command: it is no option, no path, and looks as it is. */
export function isRunName(value: unknown): value is string {
  return typeof value === "string" && RUN_NAME.test(value);
}

/** @throws InvalidArgumentError for a name that somebody chose and that cannot be one */
export function checkRunName(value: unknown): void {
  if (value !== undefined && !isRunName(value))
    throw new InvalidArgumentError("the name of a run", RUN_NAME_RULE, value);
}

/** Makes a name of what a run was started from: `./bots/rover.ts#patrol` is `rover.ts-patrol`, `@acme/rover` is `acme-rover`. */
export function fitRunName(...from: readonly string[]): string {
  const name = from.map((part) => fitting(isPath(part) ? lastOfPath(part) : part)).join("-");
  return fitting(name).slice(0, MAX_NAME_LENGTH).replace(/-+$/, "") || "run";
}

function isPath(from: string): boolean {
  return /^(\.{0,2}\/|file:)/.test(from);
}

/** What follows the last slash before the name of an export. */
function lastOfPath(path: string): string {
  return path.slice(path.lastIndexOf("/", path.search(/#|$/)) + 1);
}

function fitting(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
}
