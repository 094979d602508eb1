/** What a daemon tells whoever started it, until it is ready or has failed: types only, and how it knows its starter. */
export type DaemonMessage =
  | { readonly type: "progress"; readonly text: string; readonly log: string | undefined }
  | { readonly type: "ready"; readonly run: DaemonRun; readonly summary: string }
  | { readonly type: "failed"; readonly error: string; readonly exitCode: number };

export interface DaemonRun {
  readonly runId: string;
  readonly name: string;
  readonly pid: number;
  readonly logDirectory: string;
}

/** Process id of the starter, in the environment of the daemon; taken out of it before anything inherits it. */
export const STARTER_VARIABLE = "DIMOS_DAEMON_STARTER";
/** The file that takes what the daemon prints, until it is moved to the run's log. */
export const OUTPUT_VARIABLE = "DIMOS_DAEMON_OUTPUT";
