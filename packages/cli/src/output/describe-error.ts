import { fileFault, isFileFault } from "@dimos/core/runs";
import { joined, type Shown, shown, shownLines } from "./shown.ts";

const INDENT = "  ";

/**
 * An error for people: its sentence, then the causes that say more. Stacks are in the run's log. All lines but the first
 * are indented, so that none of a message can pass for something else that was said.
 */
export function describeError(error: unknown): Shown {
  const lines = [shown`Error: ${shownLines(messageOf(error), INDENT)}`];
  let told = messageOf(error);
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    const message = messageOf(cause);
    // The sentence above has said in its own words what the system said.
    if (isFileFault(cause) && told.includes(fileFault(cause))) continue;
    if (!told.includes(message)) lines.push(shown`  because: ${shownLines(message, INDENT + INDENT)}`);
    told += message;
  }
  return joined(lines, "\n");
}

function messageOf(error: unknown): string {
  // The system's words, where nothing knew better what the file is for.
  if (isFileFault(error)) return `${error.path ?? "A file"} cannot be used: ${fileFault(error)}`;
  return error instanceof Error ? error.message : String(error);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
