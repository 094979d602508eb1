/** In the environment of a run that takes the place of another: which one was stopped for it. */
export const RESTARTED_VARIABLE = "DIMOS_RESTARTED_RUN";

/** Takes the mark of a restart out of the environment; what to say when the new run does not start. */
export function takeRestarted(env: NodeJS.ProcessEnv): string | undefined {
  const { [RESTARTED_VARIABLE]: stopped } = env;
  delete env[RESTARTED_VARIABLE];
  return stopped === undefined
    ? undefined
    : `Nothing is running now: ${stopped} was stopped for this restart, and the new run did not start`;
}
