import { setTimeout as sleep } from "node:timers/promises";
import { print, printNow } from "../output/print.ts";
import { Shown, shown } from "../output/shown.ts";

/** Another screen than that of the shell, whose lines stay as they were; without a cursor. */
const ENTER = Shown.own("\x1b[?1049h\x1b[?25l");
const LEAVE = Shown.own("\x1b[?25h\x1b[?1049l");
const HOME = "\x1b[H";
const CLEAR_LINE_END = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/**
 * Draws again and again until the signal comes: in place on a terminal, where the last drawing stays when it ends;
 * otherwise whatever has changed, line by line.
 */
export async function drawUntil(signal: AbortSignal, everyMs: number, draw: () => Promise<Shown>): Promise<void> {
  const isTerminal = process.stdout.isTTY;
  let last = shown``;
  const leave = () => printNow(LEAVE);
  if (isTerminal) {
    await print(ENTER);
    // A second Ctrl-C ends the process at once.
    process.once("exit", leave);
  }
  try {
    while (!signal.aborted) {
      const text = await draw();
      if (isTerminal) await print(onScreen(text.text, process.stdout.rows));
      else if (text.text !== last.text) await print(text);
      last = text;
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    if (isTerminal) {
      process.off("exit", leave);
      leave();
      await print(last);
    }
  }
}

/** Written over what was there: clearing the screen first would flicker. What does not fit is cut off. */
function onScreen(text: string, rows: number): Shown {
  // A terminal that does not say how high it is says 0.
  const lines = text
    .replace(/\n$/, "")
    .split("\n")
    .slice(0, rows || undefined);
  return Shown.own(HOME + lines.map((line) => line + CLEAR_LINE_END).join("\n") + CLEAR_BELOW);
}
