/** Says on standard error what is measured now; on a terminal in one line. With the time since the start. */
export type Progress = (text: string) => void;

export function progressOn(stream: NodeJS.WriteStream): Progress {
  const startedMs = performance.now();
  const line = (text: string) => `${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}`;
  if (!stream.isTTY) return (text) => void stream.write(`${line(text)}\n`);
  return (text) => void stream.write(`\r\x1b[K${line(text)}`);
}
