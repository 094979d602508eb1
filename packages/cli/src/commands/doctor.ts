import { EXIT, type ExitCode } from "../exit-codes.ts";
import { Paint } from "../output/paint.ts";
import { print, printJson } from "../output/print.ts";
import { shown } from "../output/shown.ts";
import { CHECKS } from "../project/health-checks.ts";

/** `dimos doctor`: what may keep a robot from running on this machine, each with its remedy. */
export async function doctor(options: { readonly json?: boolean }): Promise<ExitCode> {
  const findings = CHECKS.map((check) => check(process.env));
  if (options.json === true) await printJson(findings);
  else {
    const paint = new Paint(process.stdout);
    for (const { subject, state, text, remedy } of findings) {
      const gap = " ".repeat("warning".length - state.length);
      const what = shown`${paint.state(state)}${gap}  ${subject}: ${text}\n`;
      await print(remedy === undefined ? what : shown`${what}         ${remedy}\n`);
    }
  }
  return findings.some(({ state }) => state === "wrong") ? EXIT.failed : EXIT.ok;
}
