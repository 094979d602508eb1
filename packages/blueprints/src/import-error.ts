import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const CHECK_TIMEOUT_MS = 5000;

/** What an import threw, as a clause: the error, and the file and line it points to when they can be had. */
export async function describeImportError(error: unknown, entry: string): Promise<string> {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const place = placeOf(error) ?? (error instanceof SyntaxError ? await syntaxErrorPlace(entry) : undefined);
  return place === undefined ? `${error.name}: ${error.message}` : `${error.name}: ${error.message} (${place})`;
}

/** Node puts `file:///bot.ts:3` above the stack of some errors; others have it in the frames above those of Node's loader. */
function placeOf(error: Error): string | undefined {
  const [aboveLoader = ""] = (error.stack ?? "").split("(node:internal/modules");
  const match = /(?:^|\(|at (?:async )?)(file:\/\/\S+?):(\d+)(?::\d+)?\)?$/m.exec(aboveLoader);
  return match?.[1] === undefined ? undefined : `${fileURLToPath(match[1])}:${match[2]}`;
}

/** V8 does not say where a syntax error in plain JavaScript is, unless the file is parsed as a program of its own. */
function syntaxErrorPlace(entry: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--check", entry], { timeout: CHECK_TIMEOUT_MS }, (_error, _stdout, stderr) => {
      const match = /^(?:file:\/\/)?(\/.*:\d+)$/m.exec(stderr);
      resolve(match?.[1] ?? "in a file it imports");
    });
  });
}
