import { Dimos } from "@dimos/porcelain";

// Attaches to the robot that another process runs, and leaves it running.
await using app = await Dimos.connect();
console.log(`connected  ${app.runId}`);
console.log(`modules    ${app.listModules().map(({ instance }) => instance)}`);
app.on("moduleRestarted", ({ instance, cause }) => console.log(`event      ${instance} restarted, ${cause}`));

// A stream, as long as this program runs: the speed that the robot measures, in m/s.
let messages = 0;
let speed = 0;
await app.subscribe("odom", (message) => {
  const { twist } = message as { twist: { twist: { linear: { x: number } } } };
  messages++;
  speed = twist.twist.linear.x;
});

// A skill, with progress.
const { relativeMove } = app.skills;
let reports = 0;
const there = await relativeMove({ forward: 1 }, { onProgress: () => reports++ });
console.log(
  `moved      ${there.moved.toFixed(1)} m, ${there.status}, progress came ${reports > 9 ? "many" : reports} times`,
);

// The same, given up under way: the robot halts.
const walk = new AbortController();
const onProgress = ({ distanceLeft }: { distanceLeft: number }) => distanceLeft < 4.5 && walk.abort();
const error: Error = await relativeMove({ forward: 5 }, { signal: walk.signal, onProgress }).catch((e: Error) => e);
console.log(`aborted    ${error.name} at ${speed.toFixed(1)} m/s`);
while (Math.abs(speed) > 0.01) {
  if ((await app.peekStream("odom")) === null) throw new Error("Odometry has stopped");
}
console.log(`halted     ${speed.toFixed(1)} m/s`);

// A restart of the module behind the skill: the function taken before it goes on working, and so does the stream.
const before = messages;
await app.restart("UnitreeSkills", { reloadSource: false });
const back = await relativeMove({ forward: -1 });
console.log(`moved      ${back.moved.toFixed(1)} m, ${back.status}, after the restart`);
console.log(`odometry   ${messages > before ? "still comes" : "has stopped"}`);
