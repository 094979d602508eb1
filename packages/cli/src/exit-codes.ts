/** What the command's exit code means. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Wrong usage, an unknown name, bad config. */
  usage: 2,
  notRunning: 3,
  noSuchRun: 4,
  timeout: 124,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
