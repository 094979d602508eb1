import { readdirSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { ESTOP_SOCKET } from "../worker/socket-paths.ts";
import { type EmergencyAnswer, MAX_LINE_BYTES, readLine } from "./emergency-protocol.ts";

/** An actuator's worker that has not halted within this time is named. */
export const EMERGENCY_TIMEOUT_MS = 500;
const MAX_REASON_LENGTH = 500;

/** What the emergency socket of one worker answered; without an answer, why there is none. */
export type EmergencyResult =
  | ({ readonly isConfirmed: true } & EmergencyAnswer)
  | { readonly isConfirmed: false; readonly worker: string; readonly error: string };

/**
 * Stops every actuator of a run by the emergency sockets of their workers, at once and without the coordinator. Resolves
 * within `EMERGENCY_TIMEOUT_MS`; never rejects. A worker that has ended meanwhile has halted, and is left out.
 */
export async function stopActuators(socketDirectory: string, reason: string): Promise<readonly EmergencyResult[]> {
  const results = workersIn(socketDirectory).map((worker) => stopOne(socketDirectory, worker, reason));
  return (await Promise.all(results)).filter((result) => result !== undefined);
}

function workersIn(socketDirectory: string): string[] {
  try {
    const ending = `.${ESTOP_SOCKET}`;
    return readdirSync(socketDirectory).flatMap((name) =>
      name.endsWith(ending) ? [name.slice(0, -ending.length)] : [],
    );
  } catch {
    // The run has ended.
    return [];
  }
}

async function stopOne(directory: string, worker: string, reason: string): Promise<EmergencyResult | undefined> {
  const socket = createConnection(join(directory, `${worker}.${ESTOP_SOCKET}`));
  const late = setTimeout(
    () => socket.destroy(new Error(`no answer within ${EMERGENCY_TIMEOUT_MS} ms`)),
    EMERGENCY_TIMEOUT_MS,
  );
  try {
    const line = readLine(socket, MAX_LINE_BYTES);
    socket.write(`${JSON.stringify({ reason: reason.slice(0, MAX_REASON_LENGTH) })}\n`);
    return { isConfirmed: true, ...(JSON.parse(await line) as EmergencyAnswer) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ECONNREFUSED") return undefined;
    return { isConfirmed: false, worker, error: message };
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
}
