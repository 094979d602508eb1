import { connect } from "node:net";
import { secondsFromTime } from "@dimos/msgs";
import { MessageSocket } from "../../src/connection/message-socket.ts";
import type { FromSimulator } from "../../src/connection/simulator-messages.ts";
import { monotonicMs } from "../ground-truth/monotonic.ts";

// Records what a simulated robot truly does, beside its simulator: `truth-recorder.ts SOCKET`. Tells its parent of each
// report with the time at which it came, of the simulator's pid, and of the end of the connection.
const socket = connect(process.argv[2] as string);
// Without its parent it is of no use.
process.on("disconnect", () => socket.destroy());
const messages = new MessageSocket(
  socket,
  (message) => take(message as FromSimulator),
  () => {
    if (process.connected) process.send?.({ kind: "closed", atMs: monotonicMs() }, () => process.disconnect?.());
  },
);
messages.send({ kind: "hello", role: "watch" });

function take(message: FromSimulator): void {
  const atMs = monotonicMs();
  if (message.kind === "welcome") process.send?.({ kind: "welcome", pid: message.pid });
  if (message.kind !== "reports") return;
  for (const [stream, report] of message.reports) {
    if (stream !== "groundTruth") continue;
    const stampMs = secondsFromTime(report.header.stamp) * 1000;
    const { linear, angular } = report.twist.twist;
    const { x, y } = report.pose.pose.position;
    const speed = Math.hypot(linear.x, linear.y);
    process.send?.({ kind: "sample", stampMs, atMs, x, y, speed, turning: angular.z });
  }
}
