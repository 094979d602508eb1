import { printable, printableLines } from "./printable.ts";

/**
 * A warning of this process, about what goes wrong where nobody else hears of it. Node prints it: an error whose message
 * or name a terminal would obey is warned of by one without that, which has it as its `cause`.
 */
export function warnProcess(problem: unknown): void {
  const { message, name } = problem instanceof Error ? problem : { message: String(problem), name: "Warning" };
  const [shown, named] = [printableLines(message, "  "), printable(name)];
  if (shown === message && named === name) process.emitWarning(problem instanceof Error ? problem : message);
  else process.emitWarning(Object.assign(new Error(shown, { cause: problem }), { name: named }));
}
