import { COMPLETION_SCRIPTS } from "../completion/completion-scripts.ts";
import { UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { print } from "../output/print.ts";
import { shownLines } from "../output/shown.ts";

/** `dimos completion bash|zsh|fish`: a script for the shell; it asks `dimos complete` for words. */
export async function completion(shell: string): Promise<ExitCode> {
  const script = COMPLETION_SCRIPTS.get(shell);
  if (script === undefined)
    throw new UsageError(`There is completion for ${[...COMPLETION_SCRIPTS.keys()].join(", ")}, not for "${shell}"`);
  await print(shownLines(script));
  return EXIT.ok;
}
