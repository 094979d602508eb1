import { type LogRecord, readRunLog } from "@dimos/core/runs";

/** What a foreground run would have shown while it started: what modules have said, and what went wrong. */
export function startRemarks(logDirectory: string): readonly LogRecord[] {
  return [...readRunLog(logDirectory, { level: "info" })].filter(
    ({ module, level }) => module !== undefined || level !== "info",
  );
}
