import type { LogRecord } from "@dimos/core/runs";
import type { Paint } from "./paint.ts";

/** Fields that a line shows in its own way, or that say nothing to people. */
const SHOWN: ReadonlySet<string> = new Set(["level", "time", "run", "pid", "module", "worker", "msg", "err"]);

/** A log line for people: `12:00:01.250 warn  Camera: message  key=value`, and the stack of an error below it. */
export function formatRecord({ level, timeMs, fields, module }: LogRecord, paint: Paint): string {
  const time = paint.dim(new Date(timeMs).toISOString().slice(11, 23));
  const who = module ?? fields.worker;
  const rest = Object.entries(fields)
    .filter(([name]) => !SHOWN.has(name))
    .map(([name, value]) => `  ${paint.dim(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`);
  const head = `${time} ${paint.level(level)} ${who === undefined ? "" : `${paint.cyan(String(who))}: `}`;
  return `${head}${withoutControls(String(fields.msg ?? ""))}${rest.join("")}\n${traceOf(fields.err)}`;
}

/** Modules log what comes from outside: it must not move the cursor of who reads it. */
function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");
}

function traceOf(err: unknown): string {
  if (typeof err !== "object" || err === null) return "";
  const { stack, message } = err as { readonly stack?: string; readonly message?: string };
  const text = stack ?? message;
  return text === undefined ? "" : `  ${withoutControls(text).replaceAll("\n", "\n  ")}\n`;
}
