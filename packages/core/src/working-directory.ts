import { DirectoryError } from "./errors.ts";

/** The directory this process works in. A sentence, where Node has a riddle, when somebody has removed it. */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    throw new DirectoryError(
      "WORKING_DIRECTORY_GONE",
      "The working directory of this program does not exist any more: change to one that does (cd)",
    );
  }
}
