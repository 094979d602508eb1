import { type ConfigField, holdsSecret, isSecret, kebabCase, MASK, maskValue } from "@dimos/core";
import { printable, printableJson } from "@dimos/rpc/printable";
import { isSecretName, maskNamed } from "./secret-names.ts";

/**
 * A command line as it may be shown: masked is what the schema of a setting calls a secret, also inside of JSON, and what
 * the name of a flag or of a JSON member says to be one, for a command whose settings are not known. Ready for a shell.
 */
export function maskArguments(args: readonly string[], fields: readonly ConfigField[] = []): string {
  const shown: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    const [, flag, value] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const next = args[index + 1];
    if (flag === undefined) shown.push(shell(maskText(argument, [])));
    else if (value !== undefined) shown.push(masked(`--${flag}=`, maskFlag(flag, value, fields)));
    else {
      shown.push(shell(argument));
      if (next === undefined || (next.startsWith("--") && !takesValue(flag, fields))) continue;
      shown.push(masked("", maskFlag(flag, next, fields)));
      index++;
    }
  }
  return shown.join(" ");
}

function maskFlag(flag: string, value: string, fields: readonly ConfigField[]): string {
  const own = fieldsOf(flag, fields);
  return isSecretName(flag) || own.some(({ schema }) => isSecret(schema)) ? MASK : maskText(value, own);
}

/** A value that is JSON keeps what is no secret; one that should be, and is not, may hold a secret anywhere. */
function maskText(text: string, fields: readonly ConfigField[]): string {
  const masked = maskJson(text, fields);
  if (masked !== undefined) return masked;
  return fields.some(({ schema }) => holdsSecret(schema)) ? MASK : text;
}

function maskJson(text: string, fields: readonly ConfigField[]): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const hidden = maskNamed(fields.reduce<unknown>((current, field) => maskValue(current, field), value));
  const shown = JSON.stringify(hidden);
  return shown === JSON.stringify(value) ? text : shown;
}

function fieldsOf(flag: string, fields: readonly ConfigField[]): readonly ConfigField[] {
  return fields.filter(({ name, qualifiedFlag }) => flag === qualifiedFlag || flag === kebabCase(name));
}

/** Then what follows is its value, whatever that looks like. */
function takesValue(flag: string, fields: readonly ConfigField[]): boolean {
  return fieldsOf(flag, fields).some(({ schema }) => schema.type !== "boolean");
}

function masked(prefix: string, value: string): string {
  return value === MASK ? `${prefix}${MASK}` : shell(`${prefix}${value}`);
}

/** As a shell takes it; what a terminal must not be given, as `$'...'`. */
function shell(argument: string): string {
  if (printable(argument) !== argument) {
    const quoted = printableJson(argument.replace(/[\\']/g, "\\$&"));
    return `$'${quoted.replace(/[\n\r\t]/g, printable)}'`;
  }
  return /^[\w@%+=:,./#-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
