import { DimosError } from "@dimos/rpc";

/** Codes of the errors of this package, and what each means. */
export type BlueprintsErrorCode =
  | "UNKNOWN_NAME" // no blueprint or module has that name
  | "AMBIGUOUS_NAME" // several have it; the message lists names that mean only one
  | "TARGET_NOT_FOUND" // a file that does not exist, a package that is not installed
  | "EXPORT_NOT_FOUND" // the file was imported and does not export that name
  | "ENTRY_NOT_LOADED"; // the file cannot be imported, or what it exports cannot be run

export interface UnknownName {
  readonly name: string;
  readonly suggestions: readonly string[];
}

/** One sentence per unknown name, each with its suggestions. */
export class UnknownNameError extends DimosError {
  constructor(unknown: readonly UnknownName[]) {
    super("UNKNOWN_NAME", unknown.map(unknownSentence).join("\n"), { data: { unknown } });
  }
}

export class AmbiguousNameError extends DimosError {
  constructor(name: string, choices: readonly string[]) {
    super("AMBIGUOUS_NAME", `${JSON.stringify(name)} is ambiguous. Use one of: ${choices.join(", ")}`, {
      data: { name, choices },
    });
  }
}

export class TargetNotFoundError extends DimosError {
  constructor(message: string) {
    super("TARGET_NOT_FOUND", message);
  }
}

export class ExportNotFoundError extends DimosError {
  constructor(message: string) {
    super("EXPORT_NOT_FOUND", message);
  }
}

/** A blueprint or module was found by name and cannot be had; `cause` is what its import threw, if it did. */
export class EntryLoadError extends DimosError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super("ENTRY_NOT_LOADED", message, options);
  }
}

function unknownSentence({ name, suggestions }: UnknownName): string {
  const sentence = `Unknown blueprint or module: ${JSON.stringify(name)}.`;
  if (suggestions.length === 0) return `${sentence} Run "dimos list" to see what there is.`;
  return `${sentence} Did you mean: ${suggestions.join(", ")}?`;
}
