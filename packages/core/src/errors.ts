import { DimosError, didYouMean } from "@dimos/rpc";

/** Codes of the errors of this package, and what each means. */
export type CoreErrorCode =
  | "INVALID_INPUT" // a value does not fit its schema; every wrong field is named
  | "INVALID_MODULE" // a module class or its spec cannot work
  | "INVALID_BLUEPRINT" // modules do not fit together
  | "INVALID_CONFIG" // a config value is unknown, ambiguous or does not fit its schema
  | "MODULE_DISABLED" // a call through a reference to a module that the blueprint disables
  | "REF_UNRESOLVED" // no module, or several, satisfy a reference
  | "REF_NOT_INJECTED" // a reference was used before modules are wired
  | "STREAM_TIMEOUT" // no message arrived in time
  | "NO_SHARED_MEMORY" // a stream is to travel through shared memory, which this host does not have
  | "LOAN_EXPIRED" // a subscriber kept what it had borrowed too long
  | "MEMORY_FAULT" // shared memory holds what its other side cannot have written
  | "TOO_MANY_SUBSCRIPTIONS" // one connection asks for more streams of a publisher than it takes
  | "LOAD_FAILED" // a module failed while it was deployed, wired, built or started
  | "LOAD_ABORTED" // the load was aborted by its caller or by stop
  | "RESTART_FAILED" // a module was not restarted; the message says what serves now
  | "ALREADY_DEPLOYED" // a module of that instance name runs already
  | "NO_SUCH_MODULE" // no module of that instance name runs
  | "MODULE_RESTARTED" // a call had begun when its module was restarted
  | "WORKER_EXITED" // a worker process ended with requests pending
  | "WORKER_TIMEOUT" // a worker did not answer within the deadline
  | "PORT_IN_USE" // a TCP port that a module will bind is taken
  | "SKILL_NOT_OFFERED" // the input of a skill cannot be expressed as JSON Schema
  | "CAPABILITY_HELD" // a skill needs what another one holds; the holder is named
  | "ESTOP" // an emergency stop is latched: nothing moves until it is reset
  | "ESTOP_UNDELIVERED" // neither the coordinator nor an actuator's worker confirmed an emergency stop
  | "HELD" // the actuator is held because the coordinator does not answer, or was: what moved has ended
  | "STATE_DIRECTORY_UNUSABLE" // runs and logs cannot be written
  | "SOCKET_DIRECTORY_UNSAFE" // the directory for sockets belongs to somebody else
  | "SOCKET_DIRECTORY_UNUSABLE" // the directory for sockets cannot be made
  | "WORKING_DIRECTORY_GONE" // somebody has removed the directory that the program works in
  | "FILE_UNUSABLE" // a file cannot be read or written; the message says why
  | "SOCKET_PATH_TOO_LONG" // the system would cut the paths of sockets off
  | "COORDINATOR_STOPPED"; // the coordinator has been stopped

abstract class CoreError extends DimosError {
  protected constructor(code: CoreErrorCode, message: string, options?: { cause?: unknown; data?: unknown }) {
    super(code, message, options);
  }
}

export class InvalidInputError extends CoreError {
  constructor(subject: string, issues: readonly string[]) {
    super("INVALID_INPUT", `Invalid ${subject}: ${issues.join("; ")}`, { data: { issues } });
  }
}

export class ModuleSpecError extends CoreError {
  constructor(message: string, cause?: unknown) {
    super("INVALID_MODULE", message, cause === undefined ? {} : { cause });
  }
}

export class BlueprintError extends CoreError {
  constructor(message: string) {
    super("INVALID_BLUEPRINT", message);
  }

  static unknownModule(wanted: string, known: readonly string[]): BlueprintError {
    return new this(`The blueprint has no module "${wanted}".${didYouMean(wanted, known)} It has: ${known.join(", ")}`);
  }
}

export class ConfigError extends CoreError {
  constructor(message: string) {
    super("INVALID_CONFIG", message);
  }
}

export class ModuleDisabledError extends CoreError {
  constructor(caller: string, ref: string, disabled: readonly string[]) {
    super("MODULE_DISABLED", `${caller}.${ref} refers to ${disabled.join(" or ")}, which the blueprint disables`, {
      data: { caller, ref, disabled },
    });
  }
}

export class RefUnresolvedError extends CoreError {
  constructor(problems: readonly string[]) {
    super("REF_UNRESOLVED", problems.join("\n"));
  }
}

export class RefNotInjectedError extends CoreError {
  constructor(instance: string, ref: string) {
    super(
      "REF_NOT_INJECTED",
      `${instance}.${ref} was used before modules are wired; use it in build(), start() or later`,
    );
  }
}

export class StreamTimeoutError extends CoreError {
  /** @param refused messages that did arrive, and were left out */
  constructor(
    port: string,
    timeoutMs: number,
    refused: { readonly count: number; readonly fault: string | undefined } = { count: 0, fault: undefined },
  ) {
    const { count, fault } = refused;
    const but = count === 0 ? "" : ` that could be used; ${count} ${count === 1 ? "was" : "were"} left out: ${fault}`;
    const data = { port, timeoutMs, ...(count === 0 ? {} : { refused: count, fault }) };
    super("STREAM_TIMEOUT", `No message arrived on "${port}" within ${timeoutMs} ms${but}`, { data });
  }
}

export class NoSharedMemoryError extends CoreError {
  constructor(topic: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      "NO_SHARED_MEMORY",
      `${topic} is to travel through shared memory, which this process cannot use: ${reason}. Install the optional package koffi (Linux only), or let the stream travel by transport "auto" or "socket"`,
      { cause, data: { topic } },
    );
  }
}

/** A subscriber with `loan: true` kept a message too long: its memory was taken back, and its typed arrays are empty now. */
export class LoanExpiredError extends CoreError {
  constructor(loanMs: number) {
    super(
      "LOAN_EXPIRED",
      `A borrowed message was kept for more than ${loanMs} ms and has been taken back. Copy what you need for longer, or subscribe without loan: true`,
      { data: { loanMs } },
    );
  }
}

/**
 * Shared memory holds what its other side cannot have written, or another message than was announced. Nothing of that is
 * delivered; the stream goes on in other memory, or over the socket. Logged, not thrown at anybody.
 */
export class MemoryFaultError extends CoreError {
  /** @param fault what is wrong, as a clause */
  constructor(fault: string) {
    super("MEMORY_FAULT", `Shared memory cannot be right: ${fault}`);
  }
}

/** No more streams are read over this connection: to a publisher, or of a client that came over TCP to its run. */
export class TooManySubscriptionsError extends CoreError {
  constructor(topic: string, most: number) {
    super(
      "TOO_MANY_SUBSCRIPTIONS",
      `${topic} is not sent: over this connection ${most} streams are read already, and more are not possible. End some of them (the function that \`subscribe\` returns does), or read from another process`,
      { data: { topic, most } },
    );
  }
}

/** The phases of a load, in their order. */
export type LoadPhase = "spawn" | "deploy" | "wire" | "build" | "start";

/** A module failed while it was loaded. What the load had added is gone; what ran before is untouched. */
export class LoadError extends CoreError {
  declare readonly data: { readonly module: string; readonly phase: LoadPhase };

  constructor(module: string, phase: LoadPhase, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super("LOAD_FAILED", `${module} failed to ${phase}: ${reason}`, { cause, data: { module, phase } });
  }
}

export class LoadAbortedError extends CoreError {
  constructor(cause?: unknown) {
    super("LOAD_ABORTED", "Loading was aborted before it was done; nothing of it is left", { cause });
  }
}

/** A module was not restarted. `data.serving` says what serves now: the old instance, a fresh one of the old code, or nothing. */
export class RestartError extends CoreError {
  declare readonly data: { readonly module: string; readonly serving: "old" | "fresh" | "nothing" };

  constructor(module: string, serving: "old" | "fresh" | "nothing", cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const now = {
      old: "It goes on running as it was",
      fresh: "A fresh instance of the old code runs instead; its state is lost",
      nothing: "Nothing could be started instead: it is down",
    }[serving];
    super("RESTART_FAILED", `${module} was not restarted: ${reason}. ${now}`, { cause, data: { module, serving } });
  }
}

export class AlreadyDeployedError extends CoreError {
  constructor(instances: readonly string[]) {
    super("ALREADY_DEPLOYED", `${instances.join(", ")}: already deployed. Unload it first, or load it in a namespace`, {
      data: { instances },
    });
  }
}

export class NoSuchModuleError extends CoreError {
  constructor(message: string, options?: { data: unknown }) {
    super("NO_SUCH_MODULE", message, options);
  }

  /** Refuses a call before it begins: another instance is about to take the place of this one. */
  static replaced(instance: string): NoSuchModuleError {
    return new this(`${instance} is being restarted. Call it again when it runs`, { data: { replaced: instance } });
  }

  /** The call of this instance was refused, and has not begun. */
  static isReplaced(error: unknown, instance: string): boolean {
    return error instanceof NoSuchModuleError && (error.data as { replaced?: unknown })?.replaced === instance;
  }

  static gone(instance: string, end?: { readonly worker: string; readonly reason: string }): NoSuchModuleError {
    const why =
      end === undefined ? "it was unloaded, or its worker has ended" : `its worker ${end.worker} ${end.reason}`;
    return new this(`${instance} is not running any more: ${why}`);
  }
}

/** A call had begun when its module was restarted, and ended with the old instance. */
export class ModuleRestartedError extends CoreError {
  constructor(method: string, instance: string) {
    super(
      "MODULE_RESTARTED",
      `${method} was under way when ${instance} was restarted, and ended with the old instance. Call it again if it may run twice`,
      { data: { method, instance } },
    );
  }
}

/** A worker process ended; what was asked of it is lost. */
export class WorkerExitedError extends CoreError {
  /** @param options.instance the module on it that was called */
  constructor(worker: string, reason: string, options: { cause?: unknown; instance?: string | undefined } = {}) {
    const { cause, instance } = options;
    const lost = instance === undefined ? "" : `, and ${instance} with it`;
    super("WORKER_EXITED", `Worker ${worker} ${reason}${lost}`, { cause, data: { worker, reason, instance } });
  }
}

/** What of a module keeps a worker from its answer. */
const STUCK_IN: Readonly<Record<string, string>> = {
  DeployModule: "its constructor, or the import of its file,",
  BuildModule: "build()",
  StartModule: "start()",
  StopModule: "stop()",
};

export class WorkerTimeoutError extends CoreError {
  constructor(worker: string, request: string, timeoutMs: number) {
    const stuck = STUCK_IN[request];
    const hint = stuck === undefined ? "" : `: ${stuck} does not return`;
    super("WORKER_TIMEOUT", `Worker ${worker} did not answer ${request} within ${timeoutMs} ms${hint}`, {
      data: { worker, request, timeoutMs },
    });
  }
}

/** Another program listens where a module is going to. */
export class PortInUseError extends CoreError {
  constructor(
    instance: string,
    { port, host, remedy }: { port: number; host?: string; remedy?: string },
    cause: unknown,
  ) {
    const where = host === undefined ? `Port ${port}` : `Port ${port} of ${host}`;
    const advice = remedy ?? `End what listens there, or give ${instance} another port`;
    super("PORT_IN_USE", `${where} is in use by another program. ${advice}`, { cause, data: { instance, port, host } });
  }
}

/** A skill whose input nobody can be told: it is not offered, and not run. */
export class SkillNotOfferedError extends CoreError {
  declare readonly data: { readonly skill: string; readonly paths: readonly string[] };

  constructor(
    skill: string,
    { paths, reason, remedy }: { readonly paths: readonly string[]; readonly reason: string; readonly remedy: string },
  ) {
    super(
      "SKILL_NOT_OFFERED",
      `The skill ${skill} is not offered, and cannot be called: in its input, ${reason}. ${remedy}`,
      {
        data: { skill, paths },
      },
    );
  }
}

/** A skill was refused because another one holds what it uses. `data.holder` is the other skill. */
export class CapabilityHeldError extends CoreError {
  declare readonly data: { readonly capability: string; readonly skill: string; readonly holder: string | undefined };

  constructor(
    capability: string,
    skill: string,
    holder: { skill: string; heldForMs: number; lifecycle: string; endedBy: string | undefined } | undefined,
  ) {
    const name = holder?.skill ?? "a skill that just ended";
    const seconds = Math.round((holder?.heldForMs ?? 0) / 1000);
    const isBackground = holder?.lifecycle === "background";
    const stop = holder?.endedBy === undefined ? "Stop it" : `Stop it with ${holder.endedBy}`;
    const remedy = `${isBackground ? stop : "Abort its call"}, or wait.`;
    super("CAPABILITY_HELD", `"${capability}" is held by ${name} (since ${seconds} s). ${remedy}`, {
      data: { capability, skill, holder: holder?.skill },
    });
  }
}

/** The emergency stop is latched: what would move was refused, or ended. */
export class EstopError extends CoreError {
  declare readonly data: { readonly what: string; readonly reason: string };

  /**
   * @param options.isEnd it was under way
   * @param options.isOver the stop was reset meanwhile: what was asked for before it does not happen after it
   */
  constructor(
    what: string,
    estop: { readonly reason: string },
    {
      isEnd = false,
      isOver = false,
      cause,
    }: { readonly isEnd?: boolean; readonly isOver?: boolean; readonly cause?: unknown } = {},
  ) {
    super(
      "ESTOP",
      isOver
        ? `${what} was asked for before the emergency stop (${estop.reason}) was reset, and has not happened. Ask for it again`
        : `${what} ${isEnd ? "was ended" : "is refused"}: the emergency stop is latched (${estop.reason}). Reset it with "dimos estop --reset" or app.resetEstop()`,
      { data: { what, reason: estop.reason }, ...(cause === undefined ? {} : { cause }) },
    );
  }
}

/** Nothing of a run confirmed an emergency stop. */
export class EstopUndeliveredError extends CoreError {
  /** @param isHere the emergency sockets of the run were asked as well: it is on this host */
  constructor(cause: Error, workers: readonly string[], isHere: boolean) {
    const others = workers.length === 0 ? "" : `, and neither did ${workers.join(", ")}`;
    const remedy = isHere
      ? 'Stop the robot by hand; "dimos estop --kill" ends workers that do not confirm, "dimos stop --force" the run'
      : 'Run "dimos estop" on the robot\'s host, which reaches it by its emergency sockets, or stop the robot by hand';
    super(
      "ESTOP_UNDELIVERED",
      `The emergency stop was not delivered: the coordinator did not confirm it (${cause.message})${others}. ${remedy}`,
      { cause },
    );
  }
}

/** The actuator is held (`safety/hold.ts`): what would move was refused, or what moved was cancelled. */
export class HoldError extends CoreError {
  declare readonly data: { readonly what: string; readonly why: string };

  /** @param why `held for 2.3 s, the coordinator did not answer` */
  constructor(
    what: string,
    why: string,
    { isRefusal = false, cause }: { readonly isRefusal?: boolean; readonly cause?: unknown } = {},
  ) {
    super(
      "HELD",
      isRefusal
        ? `${what} is refused: the robot is ${why}. It may move again when the run answers: see "dimos status"`
        : `${what} was cancelled: ${why}. Ask for it again`,
      { data: { what, why }, ...(cause === undefined ? {} : { cause }) },
    );
  }
}

/** Where runs, logs or sockets are kept cannot be used. */
export class DirectoryError extends CoreError {
  constructor(
    code:
      | "STATE_DIRECTORY_UNUSABLE"
      | "SOCKET_DIRECTORY_UNUSABLE"
      | "SOCKET_DIRECTORY_UNSAFE"
      | "SOCKET_PATH_TOO_LONG"
      | "WORKING_DIRECTORY_GONE",
    message: string,
    cause?: unknown,
  ) {
    super(code, message, cause === undefined ? {} : { cause });
  }
}

/** A file that somebody has named cannot be used. */
export class FileError extends CoreError {
  constructor(message: string, cause?: unknown) {
    super("FILE_UNUSABLE", message, cause === undefined ? {} : { cause });
  }
}

export class CoordinatorStoppedError extends CoreError {
  constructor() {
    super("COORDINATOR_STOPPED", "The coordinator has been stopped");
  }
}
