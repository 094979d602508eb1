import type { AgentEvent } from "@dimos/agent";
import type { Dimos } from "@dimos/porcelain";
import { expect, test } from "vitest";
import { planarDistance } from "../src/planar-pose.ts";
import { runSimulated } from "./simulated-run.ts";

const poseOf = async (app: Dimos) => (await app.Go2Connection.groundTruth()).pose;
const degrees = (radians: number) => (Math.atan2(Math.sin(radians), Math.cos(radians)) * 180) / Math.PI;

/** Somebody who talks with the agent of a run. */
async function talkWith(app: Dimos) {
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  await app.subscribe("agent", (event) => {
    events.push(event as AgentEvent);
    for (const look of waiting) look();
  });
  const find = (kind: AgentEvent["kind"], turn: number) =>
    events.find((event) => event.kind === kind && event.turn === turn);
  let turns = 0;
  return {
    /** Says something; resolves to its turn. */
    write: async (text: string) => {
      await app.publish("humanInput", { data: text });
      return ++turns;
    },
    until: (kind: AgentEvent["kind"], turn: number) =>
      new Promise<void>((resolve) => {
        const look = () => find(kind, turn) !== undefined && resolve();
        waiting.add(look);
        look();
      }),
    outcome: (turn: number) => find("done", turn)?.outcome,
    said: (turn: number) =>
      events
        .filter((event) => event.kind === "said" && event.turn === turn)
        .map(({ text }) => text)
        .join(" "),
  };
}

test("the agent walks and turns the robot as it is told, and says what was measured", async () => {
  await using app = await runSimulated({ world: "office" });
  const talk = await talkWith(app);
  const start = await poseOf(app);
  const walk = await talk.write("walk forward 1 meter");
  await talk.until("done", walk);
  const there = await poseOf(app);
  expect([talk.outcome(walk), talk.said(walk)]).toEqual([
    "done",
    expect.stringMatching(/^Moved (0\.[89]|1\.[012])\d m\./),
  ]);
  expect(Math.abs(planarDistance(start, there) - 1)).toBeLessThan(0.2);
  const both = await talk.write("turn left 90 then walk 50 cm");
  await talk.until("done", both);
  const end = await poseOf(app);
  expect(talk.outcome(both)).toBe("done");
  expect(Math.abs(degrees(end.yaw - start.yaw) - 90)).toBeLessThan(20);
  const heading = Math.atan2(end.y - there.y, end.x - there.x);
  expect(Math.abs(degrees(heading - start.yaw) - 90)).toBeLessThan(35);
  expect(Math.abs(planarDistance(there, end) - 0.5)).toBeLessThan(0.25);
  expect((await app.Go2Connection.groundTruth()).collisions).toBe(0);
});

test("a newer message interrupts a walk, nonsense does not kill the agent, stop halts the robot (I2)", async () => {
  await using app = await runSimulated({ world: "office" });
  const talk = await talkWith(app);
  const start = await poseOf(app);
  const far = await talk.write("walk forward 4 meters");
  await talk.until("progress", far);
  const nonsense = await talk.write("frobnicate the flux capacitor");
  await talk.until("done", nonsense);
  expect(talk.outcome(far)).toBe("interrupted");
  expect([talk.outcome(nonsense), talk.said(nonsense)]).toEqual([
    "failed",
    expect.stringContaining("I am an offline command parser, not an LLM."),
  ]);
  const again = await talk.write("walk forward 4 meters");
  await talk.until("progress", again);
  const stop = await talk.write("stop");
  await talk.until("done", stop);
  expect([talk.outcome(again), talk.outcome(stop), talk.said(stop)]).toEqual([
    "interrupted",
    "done",
    expect.stringMatching(/^Stopped\. Moved \d\.\d\d m\./),
  ]);
  const stopped = await poseOf(app);
  expect(planarDistance(start, stopped)).toBeLessThan(3.5);
  await app.skills.wait({ seconds: 2 });
  expect(planarDistance(stopped, await poseOf(app))).toBeLessThan(0.1);
  const battery = await talk.write("how full is the battery, and what do you see?");
  await talk.until("done", battery);
  expect(talk.said(battery)).toMatch(
    /^The battery is \d+ % full \(\d+\.\d V\)\. I took a picture \(image\/png, \d+ kB, \d+ × \d+ pixels\)/,
  );
});
