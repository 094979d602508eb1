import { EXIT, type ExitCode } from "../exit-codes.ts";
import { Paint } from "../output/paint.ts";
import { print, printJson } from "../output/print.ts";
import { CHECKS } from "../project/health-checks.ts";

/** `dimos doctor`: what may keep a robot from running on this machine, each with its remedy. */
export async function doctor(options: { readonly json?: boolean }): Promise<ExitCode> {
  const findings = CHECKS.map((check) => check(process.env));
  if (options.json === true) await printJson(findings);
  else {
    const paint = new Paint(process.stdout);
    for (const { subject, state, text, remedy } of findings) {
      const mark = paint.state(state === "ok" ? "healthy" : state === "warning" ? "warning" : "failed");
      const word = state === "ok" ? mark.replace("healthy", "ok") : mark.replace("failed", "wrong");
      await print(`${word.padEnd(7)}  ${subject}: ${text}\n${remedy === undefined ? "" : `         ${remedy}\n`}`);
    }
  }
  return findings.some(({ state }) => state === "wrong") ? EXIT.failed : EXIT.ok;
}
