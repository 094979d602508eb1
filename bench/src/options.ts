import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface BenchOptions {
  readonly parts: readonly string[];
  readonly isQuick: boolean;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
}

/** Throws a `TypeError` that says what is wrong. Files are relative to where the command was typed. */
export function parseOptions(argv: readonly string[], known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: argv.filter((argument) => argument !== "--"),
    options: { quick: { type: "boolean" }, json: { type: "string" }, markdown: { type: "string" } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((part) => !known.includes(part));
  if (unknown.length > 0) throw new TypeError(`No bench named ${unknown.join(", ")}. There are: ${known.join(", ")}`);
  return {
    parts: positionals.length > 0 ? positionals : known,
    isQuick: values.quick ?? false,
    json: values.json === undefined ? undefined : fromCaller(values.json),
    markdown: values.markdown === undefined ? undefined : fromCaller(values.markdown),
  };
}

/** pnpm runs scripts in the folder of their package, and tells where it was called. */
function fromCaller(file: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), file);
}
