import { dirname } from "node:path";
import { EstopUndeliveredError } from "../errors.ts";
import { type EstopReport, NOT_STOPPED } from "./estop-state.ts";
import { EMERGENCY_TIMEOUT_MS, type EmergencyResult, stopActuators } from "./stop-actuators.ts";

/** The coordinator waits half a second for its workers before it answers. */
const COORDINATOR_TIMEOUT_MS = 3_000;
const COORDINATOR = "coordinator";

interface EstopRequest {
  /** The run's control endpoint on this host; undefined when the run is elsewhere. */
  readonly endpoint: string | undefined;
  readonly reason: string;
  readonly viaCoordinator: (signal: AbortSignal) => Promise<EstopReport>;
  readonly modulesOf?: (worker: string) => readonly string[];
  /** Ends a worker that did not confirm; resolves to whether it was there. */
  readonly kill?: ((worker: string) => boolean) | undefined;
  /** Told once when the coordinator has not answered after `EMERGENCY_TIMEOUT_MS`: what has halted by then. */
  readonly onSlow?: (halted: readonly string[]) => void;
}

/**
 * Stops a run in two ways at once: by its coordinator, and on its own host by the emergency sockets of its actuators'
 * workers, which need no coordinator. Its report counts; without one, theirs does, and the coordinator is among those that did not confirm.
 * Rejects with `EstopUndeliveredError` when nothing at all confirmed.
 */
export async function estopRun(request: EstopRequest): Promise<EstopReport> {
  const { endpoint, reason, viaCoordinator, kill, onSlow = () => {} } = request;
  const abort = new AbortController();
  const asked = viaCoordinator(abort.signal).then(
    (report) => ({ report, error: undefined }),
    (error: Error) => ({ report: undefined, error }),
  );
  const direct = endpoint === undefined ? [] : stopActuators(dirname(endpoint.slice("unix:".length)), reason);
  let slow: NodeJS.Timeout | undefined;
  let late: NodeJS.Timeout | undefined;
  try {
    const first = await Promise.race([asked, direct]);
    if ("report" in first && first.report !== undefined && kill === undefined) return first.report;
    const results = await direct;
    const killed = results.flatMap((result) => (!result.isConfirmed && kill?.(result.worker) ? [result.worker] : []));
    const halted = haltedIn(results);
    slow = setTimeout(() => onSlow(halted), EMERGENCY_TIMEOUT_MS);
    const { promise: silence, resolve } = Promise.withResolvers<{ report: undefined; error: Error }>();
    late = setTimeout(
      () => resolve({ report: undefined, error: new Error(`no answer within ${COORDINATOR_TIMEOUT_MS / 1000} s`) }),
      COORDINATOR_TIMEOUT_MS,
    );
    const { report, error } = await Promise.race([asked, silence]);
    return report ?? reportWithout(error, results, killed, request);
  } finally {
    clearTimeout(slow);
    clearTimeout(late);
    abort.abort();
  }
}

function haltedIn(results: readonly EmergencyResult[]): readonly string[] {
  return results.flatMap((result) => (result.isConfirmed ? result.halted : []));
}

/** What the emergency sockets have done, for a coordinator that did not answer. */
function reportWithout(
  error: Error,
  results: readonly EmergencyResult[],
  killed: readonly string[],
  { endpoint, modulesOf = () => [] }: EstopRequest,
): EstopReport {
  const latched = results.find((result) => result.isConfirmed)?.estop;
  const missing = results.filter((result) => !result.isConfirmed || result.failed.length > 0);
  if (latched === undefined && killed.length === 0)
    throw new EstopUndeliveredError(
      error,
      missing.map(({ worker }) => worker),
      endpoint !== undefined,
    );
  const unconfirmed = missing.map(({ worker }) => ({
    worker,
    modules: modulesOf(worker),
    killed: killed.includes(worker),
  }));
  return {
    // A worker that was killed has latched nothing.
    estop: latched ?? NOT_STOPPED,
    halted: haltedIn(results),
    unconfirmed: [...unconfirmed, { worker: COORDINATOR, modules: [], killed: false }],
  };
}
