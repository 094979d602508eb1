import type { Dimos } from "@dimos/porcelain";

/** From outside: a message, the messages of an action, and what a port has counted. */
export async function lookOn(app: Dimos, action: () => Promise<unknown>) {
  const nearest = await app.peekStream("nearest", { timeoutMs: 2000 }); // null when none comes
  let poses = 0;
  const unsubscribe = await app.subscribe("odom", () => poses++, { keep: "latest", maxRateHz: 10 });
  await action();
  unsubscribe();
  const { workers } = await app.metrics();
  const ports = workers.flatMap(({ metrics }) => metrics?.ports ?? []);
  // Messages are counted as dropped where that happened: what comes too often is not even sent.
  const lidar = ports.filter(({ topic }) => topic === "/lidar");
  return { nearest, poses, lidar };
}
