import { cpus, loadavg, release } from "node:os";

/** What the figures were taken on, and how busy it was before. */
export function machineLine(): string {
  const all = cpus();
  const load = loadavg().map((value) => value.toFixed(2));
  return `${all.length} × ${all[0]?.model.trim() ?? "unknown processor"}, Node ${process.versions.node}, ${process.platform} ${release()}, load average ${load.join(" ")} at the start`;
}
