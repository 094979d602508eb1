import { DimosError, didYouMean } from "@dimos/rpc";

/** Codes of the errors of this package, and what each means. */
export type PorcelainErrorCode =
  | "INVALID_TARGET" // run() was given something that cannot be run
  | "NOT_RUNNING" // nothing runs, or not this module
  | "STOPPED" // this Dimos instance has been stopped
  | "NO_SUCH_MODULE" // no module of that name
  | "NO_SUCH_SKILL" // no skill of that name
  | "NO_SUCH_METHOD" // no method of that name
  | "NO_SUCH_STREAM" // no running module publishes a stream of that name
  | "NO_RUN" // no run is alive, or not this one, or several and none was named
  | "AMBIGUOUS_SKILL" // several modules have a skill of that name
  | "RESERVED_NAME"; // a module is named like a member of Dimos

abstract class PorcelainError extends DimosError {
  protected constructor(code: PorcelainErrorCode, message: string) {
    super(code, message);
  }
}

export class InvalidTargetError extends PorcelainError {
  constructor(target: unknown) {
    super("INVALID_TARGET", `run() expects a blueprint name, a Blueprint or a Module class, got ${describe(target)}`);
  }
}

export class NotRunningError extends PorcelainError {
  constructor(message = "No modules are running") {
    super("NOT_RUNNING", message);
  }
}

export class StoppedError extends PorcelainError {
  constructor() {
    super("STOPPED", "This Dimos instance has been stopped");
  }
}

export class UnknownModuleError extends PorcelainError {
  constructor(name: string, known: Iterable<string>) {
    super("NO_SUCH_MODULE", `No module named "${name}"${suffix(didYouMean(name, known))}`);
  }
}

export class UnknownSkillError extends PorcelainError {
  constructor(name: string, known: Iterable<string>) {
    super("NO_SUCH_SKILL", `No skill named "${name}"${suffix(didYouMean(name, known))}`);
  }
}

export class UnknownMethodError extends PorcelainError {
  constructor(message: string) {
    super("NO_SUCH_METHOD", message);
  }
}

export class UnknownStreamError extends PorcelainError {
  constructor(stream: string, modules: readonly string[], topics: readonly string[] = []) {
    super(
      "NO_SUCH_STREAM",
      `No running module exposes a stream named "${stream}". Running modules: ${modules.join(", ")}${suffix(didYouMean(stream, topics))}`,
    );
  }
}

export class NoRunError extends PorcelainError {
  constructor(message: string) {
    super("NO_RUN", message);
  }
}

export class AmbiguousSkillError extends PorcelainError {
  constructor(skill: string, modules: readonly string[]) {
    super(
      "AMBIGUOUS_SKILL",
      `Ambiguous skill "${skill}" found in modules: ${modules.join(", ")}. Call it on the module: app.getModule("${modules[0]}").${skill}(...)`,
    );
  }
}

export class ReservedNameError extends PorcelainError {
  constructor(name: string) {
    super(
      "RESERVED_NAME",
      `A module cannot be named "${name}": app.${name} is a member of Dimos. Give it another name in its spec`,
    );
  }
}

function describe(target: unknown): string {
  if (target === null) return "null";
  if (Array.isArray(target)) return "an empty array";
  return typeof target === "object" ? `an object (${target.constructor?.name ?? "no class"})` : typeof target;
}

function suffix(suggestion: string): string {
  return suggestion === "" ? "" : `.${suggestion}`;
}
