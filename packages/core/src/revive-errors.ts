import type { WireError } from "@dimos/rpc";
import * as errors from "./errors.ts";

const CLASS_BY_CODE = {
  INVALID_INPUT: errors.InvalidInputError,
  INVALID_MODULE: errors.ModuleSpecError,
  INVALID_BLUEPRINT: errors.BlueprintError,
  INVALID_CONFIG: errors.ConfigError,
  MODULE_DISABLED: errors.ModuleDisabledError,
  REF_UNRESOLVED: errors.RefUnresolvedError,
  REF_NOT_INJECTED: errors.RefNotInjectedError,
  STREAM_TIMEOUT: errors.StreamTimeoutError,
  NO_SHARED_MEMORY: errors.NoSharedMemoryError,
  LOAN_EXPIRED: errors.LoanExpiredError,
  MEMORY_FAULT: errors.MemoryFaultError,
  TOO_MANY_SUBSCRIPTIONS: errors.TooManySubscriptionsError,
  LOAD_FAILED: errors.LoadError,
  LOAD_ABORTED: errors.LoadAbortedError,
  RESTART_FAILED: errors.RestartError,
  ALREADY_DEPLOYED: errors.AlreadyDeployedError,
  NO_SUCH_MODULE: errors.NoSuchModuleError,
  MODULE_RESTARTED: errors.ModuleRestartedError,
  WORKER_EXITED: errors.WorkerExitedError,
  WORKER_TIMEOUT: errors.WorkerTimeoutError,
  PORT_IN_USE: errors.PortInUseError,
  SKILL_NOT_OFFERED: errors.SkillNotOfferedError,
  CAPABILITY_HELD: errors.CapabilityHeldError,
  ESTOP: errors.EstopError,
  ESTOP_UNDELIVERED: errors.EstopUndeliveredError,
  HELD: errors.HoldError,
  STATE_DIRECTORY_UNUSABLE: errors.DirectoryError,
  SOCKET_DIRECTORY_UNSAFE: errors.DirectoryError,
  SOCKET_PATH_TOO_LONG: errors.DirectoryError,
  SOCKET_DIRECTORY_UNUSABLE: errors.DirectoryError,
  WORKING_DIRECTORY_GONE: errors.DirectoryError,
  FILE_UNUSABLE: errors.FileError,
  COORDINATOR_STOPPED: errors.CoordinatorStoppedError,
} as const satisfies Record<errors.CoreErrorCode, { prototype: Error }>;

/** Makes errors of this package arrive as their own class, by code, from another process. */
export function coreErrors(): ReadonlyMap<string, (wire: WireError) => Error> {
  return new Map(
    Object.entries(CLASS_BY_CODE).map(([code, errorClass]) => [
      code,
      (wire: WireError) => {
        const error = Object.setPrototypeOf(new Error(wire.message), errorClass.prototype) as Error;
        return Object.assign(error, { code, data: wire.data, name: errorClass.name });
      },
    ]),
  );
}
