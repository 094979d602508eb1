import { globSync, writeFileSync } from "node:fs";

const LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1";

/** Why the tests with faketime are left out; undefined when they run. Throws when `DIMOS_REQUIRE` names it and it is missing. */
export function whyNoFaketime(env: NodeJS.ProcessEnv): string | undefined {
  if (env.DIMOS_FAKETIME === undefined) return "run them with `pnpm test:clock`";
  if (globSync(LIBRARY).length > 0) return undefined;
  const missing = "faketime is not installed (apt-get install faketime)";
  if ((env.DIMOS_REQUIRE ?? "").split(/[\s,]+/).includes("faketime"))
    throw new Error(`${missing}, and DIMOS_REQUIRE asks for it`);
  return missing;
}

/** The wall clock of a process and of all that it starts, which can be set while they run. The monotonic clock is the host's. */
export class FakeClock {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.set(0);
  }

  /** What a process needs in its environment to live by it. */
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: globSync(LIBRARY)[0] as string,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: "1",
    };
  }

  /** Sets it to this many seconds from the true time. */
  set(seconds: number): void {
    writeFileSync(this.#file, `${seconds < 0 ? "" : "+"}${seconds}\n`);
  }
}
