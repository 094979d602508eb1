const NOT_FOR_WORKERS = /^--(inspect|eval|print|test|watch|input-type|check|interactive)/;
const SHORT_NOT_FOR_WORKERS: ReadonlySet<string> = new Set(["-e", "-p", "-pe", "-c", "-i"]);

/** The parent's Node options, without those that mean its own program or debugger. */
export function workerExecArgv(execArgv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < execArgv.length; index++) {
    const argument = execArgv[index] as string;
    if (!NOT_FOR_WORKERS.test(argument) && !SHORT_NOT_FOR_WORKERS.has(argument)) {
      kept.push(argument);
      continue;
    }
    const next = execArgv[index + 1];
    if (takesValue(argument) && next !== undefined && !next.startsWith("-")) index++;
  }
  return kept;
}

/** `--eval CODE` and `-e CODE`, in contrast to `--eval=CODE`. */
function takesValue(argument: string): boolean {
  return !argument.includes("=") && /^(--eval|--print|-e|-p|-pe|--input-type|--watch-path)$/.test(argument);
}
