import type { WireError } from "@dimos/rpc";
import type { ModuleDescription } from "../module/description.ts";
import type { RunSettings } from "../module/module-run.ts";
import type { Qos } from "../qos.ts";
import type { MemoryFaults } from "../report/memory-faults.ts";
import type { EstopState } from "../safety/estop-state.ts";
import type { LeaseRequest } from "../safety/lease.ts";
import type { SourceFile } from "../source-files.ts";
import type { PathLoss } from "../stream/path-loss.ts";
import type { Transport } from "../transport.ts";
import type { WorkerMetrics } from "./metrics.ts";
import type { WorkerEnd } from "./worker-ends.ts";

/** An event loop that drives actuators and stands still for this long is ended with its process. */
export const ACTUATOR_STALL_MS = 500;

/** A worker process finds its `WorkerOptions` here, as JSON. */
export const WORKER_OPTIONS_VARIABLE = "DIMOS_WORKER_OPTIONS";

/** Exit code after an error that nobody caught (EX_SOFTWARE of sysexits.h). */
export const EXIT_UNCAUGHT = 70;

/** The control protocol between a coordinator and a worker. See README.md beside this file. */
export type WorkerRequest =
  | DeployModule
  | WireStreams
  | SetRef
  | { readonly type: "BuildModule"; readonly instance: string }
  | { readonly type: "StartModule"; readonly instance: string }
  | LeaveModule<"StopModule">
  | LeaveModule<"UndeployModule">
  /** Which files the module whose class is in `source` was imported from. */
  | { readonly type: "ReadSources"; readonly source: string }
  | { readonly type: "StartRpc" }
  | { readonly type: "DrainRpc" }
  | { readonly type: "StartData" }
  | { readonly type: "ReadMetrics" }
  | { readonly type: "SuppressConsole" }
  | {
      readonly type: "Estop";
      readonly estop: EstopState;
      /** The last stop of this worker's emergency socket that the coordinator has heard of: a reset ends no later one. */
      readonly heard: string | undefined;
    }
  /** A hold has lasted too long: what moves ends. */
  | { readonly type: "CancelMotion"; readonly heldMs: number; readonly reason: string }
  /** Everywhere what moved has ended: the actuators of this worker are free again. */
  | { readonly type: "ReleaseHold" }
  | WorkerEnded
  | PathLost
  | { readonly type: "Shutdown" };

export interface DeployModule {
  readonly type: "DeployModule";
  readonly instance: string;
  readonly namespace: string;
  /** Absolute path of the file to import. */
  readonly source: string;
  readonly className: string;
  /** Raw values; the class's own schema checks and completes them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** It takes the place of one whose callers wait until this one has started. */
  readonly isReplacement?: boolean;
}

interface LeaveModule<Type> {
  readonly type: Type;
  readonly instance: string;
  /** Another instance takes its place: calls that have not begun wait for that one. */
  readonly isReplaced?: boolean;
}

export interface WireStreams {
  readonly type: "WireStreams";
  readonly instance: string;
  readonly ports: readonly PortWiring[];
}

export interface PortWiring {
  readonly port: string;
  /** Wire name, `/odom`. */
  readonly topic: string;
  readonly qos: Qos;
  /** How it travels to other workers. */
  readonly transport: Transport;
  /** Data sockets of other workers that publish the topic; empty for an output. */
  readonly publishers: readonly string[];
}

export interface SetRef {
  readonly type: "SetRef";
  readonly instance: string;
  readonly ref: string;
  readonly target: RefTargetAddress;
}

/** Modules here refer to modules of a worker that has ended. */
export interface WorkerEnded extends WorkerEnd {
  readonly type: "WorkerEnded";
  /** What ran on it. */
  readonly instances: readonly string[];
}

/**
 * What outputs of a module here publish does not reach an actuator any more, or reaches another instance of it; what comes to
 * its inputs comes from one no more, or from another instance of it.
 */
export interface PathLost {
  readonly type: "PathLost";
  readonly instance: string;
  /** Of either direction. */
  readonly ports: readonly string[];
  readonly loss: PathLoss;
}

export type RefTargetAddress =
  | {
      readonly kind: "module";
      readonly instance: string;
      readonly methods: readonly MethodAddress[];
      readonly endpoint: string | undefined;
    }
  | { readonly kind: "disabled"; readonly instances: readonly string[] }
  /** It ran, and does not now: it was unloaded, or its worker died. */
  | { readonly kind: "gone"; readonly instance: string }
  | { readonly kind: "absent" };

export interface MethodAddress {
  readonly name: string;
  readonly kind: "rpc" | "skill";
  readonly timeoutMs: number | undefined;
}

/** What each request is answered with. */
export interface WorkerAnswers {
  DeployModule: ModuleDescription;
  WireStreams: undefined;
  SetRef: undefined;
  BuildModule: undefined;
  StartModule: undefined;
  StopModule: undefined;
  UndeployModule: undefined;
  /** Undefined where nobody knows: in the coordinator's process. */
  ReadSources: readonly SourceFile[] | undefined;
  /** Endpoint of the worker's rpc server, `unix:/...`. */
  StartRpc: string;
  /** When nobody is connected to the rpc server any more. */
  DrainRpc: undefined;
  /** Path of the worker's data socket. */
  StartData: string;
  ReadMetrics: WorkerMetrics;
  SuppressConsole: undefined;
  /** Modules that failed when they were told. */
  Estop: readonly string[];
  CancelMotion: undefined;
  ReleaseHold: undefined;
  WorkerEnded: undefined;
  PathLost: undefined;
  Shutdown: undefined;
}

export type RequestToWorker = { readonly id: number; readonly request: WorkerRequest };

export type ToWorker =
  | RequestToWorker
  /** The coordinator's event loop runs; for workers of actuators. */
  | { readonly type: "Beat" }
  /** A lease was granted, or refused. */
  | { readonly lease: string; readonly refusal: WireError | undefined };

export type WorkerResponse =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError };

export type FromWorker =
  | { readonly type: "Ready" }
  | {
      readonly type: "Heartbeat";
      readonly rssBytes: number;
      readonly isDebugged: boolean;
      readonly memoryFaults: MemoryFaults;
    }
  /** A skill asks for what it uses, and gives it back. */
  | { readonly type: "Acquire"; readonly request: LeaseRequest }
  | { readonly type: "Release"; readonly lease: string }
  | SafetyReport
  /** Why it is about to end by itself. */
  | { readonly type: "Uncaught"; readonly text: string }
  | ({ readonly type: "Response" } & WorkerResponse);

/** What the worker of an actuator does by itself, as the coordinator hears of it. */
export type SafetyReport =
  /** Its actuators are held, until `HoldOver`. */
  | { readonly type: "Held"; readonly reason: string }
  | {
      readonly type: "HoldOver";
      readonly reason: string;
      readonly heldMs: number;
      /** It stays held until the coordinator has cancelled what was moving, and says `ReleaseHold`. */
      readonly isOverdue: boolean;
    }
  /** Somebody used its emergency socket: it is latched until the coordinator resets it, and no earlier reset counts. */
  | { readonly type: "Stopped"; readonly id: string; readonly reason: string };

/** What a worker process is told on its way up. */
export interface WorkerOptions {
  readonly name: string;
  readonly coordinatorPid: number;
  readonly runId: string;
  /** The base of the run's clock: the wall time at which the host's monotonic clock was 0, by the coordinator's reading. */
  readonly clockBaseMs: number;
  /** 0700 directory for this run's sockets. */
  readonly socketDirectory: string;
  readonly logDirectory: string;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly consoleLevel: "debug" | "info" | "warn" | "error" | "silent";
  readonly validate: boolean;
  readonly debugCalls: boolean;
  readonly settings: RunSettings;
}
