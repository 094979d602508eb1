/** How one test file ended, from what vitest reports of it; `red` one fails without a mutation as well. */
export type Ending = "passed" | "failed" | "unreadable" | "timeout" | "red";

/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** A mutation that the language rejects while a test runs: it would be noticed without any test. */
const REJECTED = /^(?:ReferenceError|SyntaxError): /;

/**
 * A test file that could not be loaded says nothing about what it tests. What fails outside of a test, such as a process
 * that is left behind or an unhandled rejection, counts as failed.
 */
export function endingOf(report: VitestReport | undefined, exitCode: number | null): Ending {
  if (report === undefined) return "unreadable";
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  if (tests.length === 0) return "unreadable";
  const messages = tests.flatMap(({ failureMessages }) => failureMessages ?? []);
  if (messages.length > 0 && messages.every((message) => REJECTED.test(message))) return "unreadable";
  return report.success && exitCode === 0 ? "passed" : "failed";
}

/** Why a test file did not pass: the first failed test, or what kept it from being loaded. */
export function reasonOf(report: VitestReport | undefined): string | undefined {
  for (const { message, assertionResults } of report?.testResults ?? []) {
    for (const { fullName, failureMessages = [] } of assertionResults)
      if (failureMessages[0] !== undefined) return `${fullName}\n${failureMessages[0]}`;
    if (message) return message;
  }
  return undefined;
}

export type Verdict = "noticed" | "survived" | "broken";

/** Every test that a mutation names has to notice it. */
export function verdictOf(endings: readonly Ending[]): Verdict {
  if (endings.includes("unreadable") || endings.includes("red")) return "broken";
  return endings.length > 0 && !endings.includes("passed") ? "noticed" : "survived";
}
