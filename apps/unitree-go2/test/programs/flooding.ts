import { Dimos } from "@dimos/porcelain";

// Publishes velocities as fast as they are taken, for as long as it lives: `flooding.ts ENDPOINT STREAM`.
const [endpoint, stream] = process.argv.slice(2) as [string, string];
const app = await Dimos.connect({ endpoint });
const ahead = { linear: { x: 0.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } };
process.on("disconnect", () => process.exit());
for (let sent = 0; ; sent++) {
  for (let i = 0; i < 50; i++) void app.publish(stream, ahead);
  await app.publish(stream, ahead);
  if (sent === 0) process.send?.("flooding");
}
