import { appendFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Command, dimos } from "./command.ts";
import { daemon, PATIENT, type StartedDaemon, stopAll } from "./daemons.ts";

// Half an hour more than whole hours: a time that is UTC, or has no zone, is seen.
process.env.TZ = "Asia/Kolkata";

afterAll(stopAll);

/** A line as a process of a run writes it. */
function line(second: number, msg: string, more: object = {}): string {
  return `${JSON.stringify({ level: "info", time: new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString(), msg, ...more })}\n`;
}

describe("dimos log (H6)", () => {
  let run: StartedDaemon;

  beforeAll(async () => {
    run = await daemon("good");
    appendFileSync(
      join(run.log, "one.jsonl"),
      Array.from({ length: 60 }, (_, index) => line(index * 2, `one ${index}`, { module: "Talker" })).join(""),
    );
    appendFileSync(
      join(run.log, "two.jsonl"),
      `${line(117, "two", { level: "error", module: "Second", err: { stack: "Error: no lens\n    at lens.ts:1" } })}{"half`,
    );
  });

  it("shows the last 50 lines, merged by time, with local time, level and module, and the day where it changes", async () => {
    const { exitCode, stdout, stderr } = await dimos("log");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.filter((text) => !text.startsWith(" "))).toHaveLength(51);
    expect([lines[0], lines.length]).toEqual(["2030-01-01", 53]);
    expect(lines.slice(-4)).toEqual([
      "05:31:57.000+05:30 error Second: two",
      "  Error: no lens",
      "      at lens.ts:1",
      "05:31:58.000+05:30 info  Talker: one 59",
    ]);
  });

  it.each([
    [
      ["-n", "2"],
      ["two", "one 59"],
    ],
    [["-n", "0"], []],
    [["--level", "warn"], ["two"]],
    [["--module", "Second", "-n1"], ["two"]],
    [
      ["--grep", "^one 1$|lens"],
      ["one 1", "two"],
    ],
    [
      ["--since", "2030-01-01T00:01:57Z"],
      ["two", "one 59"],
    ],
    [
      ["--since", "2030-01-01T05:31:57"],
      ["two", "one 59"],
    ],
    [
      ["--since", "2030-01-01 05:31:57.000+05:30"],
      ["two", "one 59"],
    ],
  ])("%j choose lines, as JSON lines with --json", async (args, messages) => {
    const { stdout } = await dimos("log", "--json", ...args);
    const lines = stdout.split("\n").slice(0, -1);
    expect(lines.map((text) => JSON.parse(text).msg)).toEqual(messages);
  });

  it("shows all lines with -a, and colours when asked to", async () => {
    const { stdout } = await dimos("log", "-a");
    expect(stdout.split("\n").filter((text) => /Talker: one \d+$/.test(text))).toHaveLength(60);
    const coloured = await new Command(["log", "-n", "1"], { env: { FORCE_COLOR: "1" } }).finished();
    expect(coloured.stdout).toContain("\u001b[36mTalker\u001b[39m: one 59");
  });

  it("says so when there is no such line, and nothing when none was asked for", async () => {
    expect(await dimos("log", "--module", "Tolker")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: `The log of good (${run.run}) has no line of that kind\n`,
    });
    expect(await dimos("log", "-n", "0")).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  it.each([
    [["-n", "x"], '-n takes a number of lines, got "x"'],
    [["--level", "loud"], '--level takes one of debug, info, warn, error, got "loud"'],
    [["--grep", "("], "--grep takes a regular expression"],
    [
      ["--since", "soon"],
      '--since takes a time ago such as 10m, a time such as 14:03, or a date such as 2026-11-22T10:00, got "soon"',
    ],
  ])("%j are refused with the reason", async (args, reason) => {
    expect(await dimos("log", ...args)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(reason) });
  });

  it("follows over rotation, restart and half lines, and works for ended runs", async () => {
    const following = new Command(["log", "-f", "-n", "1"]);
    await expect.poll(() => following.stdout, PATIENT).toBe("2030-01-01\n05:31:58.000+05:30 info  Talker: one 59\n");
    renameSync(join(run.log, "one.jsonl"), join(run.log, "one.1.jsonl"));
    appendFileSync(join(run.log, "one.jsonl"), line(120, "rotated"));
    appendFileSync(join(run.log, "two.jsonl"), '"\n');
    await expect
      .poll(() => following.stdout, PATIENT)
      .toBe("2030-01-01\n05:31:58.000+05:30 info  Talker: one 59\n05:32:00.000+05:30 info  rotated\n");
    await dimos("stop");
    await following.says("has ended. Waiting for the next run of that name");
    // That of another robot is not what was followed.
    await daemon("good", "--name", "other");
    await dimos("stop", "other");
    const next = await daemon("good");
    await expect.poll(() => following.stdout, PATIENT).toMatch(/rotated\n(.|\n)*Loaded Talker, Second in \d+ ms\n/);
    expect(following.stderr.match(/Following .*/g)).toEqual([`Following good (${next.run})`]);
    following.child.kill("SIGINT");
    expect((await following.finished()).exitCode).toBe(130);
    expect((await dimos("log", run.run, "-n", "1")).stdout).toBe("2030-01-01\n05:32:00.000+05:30 info  rotated\n");
    run = next;
  });

  it("is quiet when its reader goes away", async () => {
    const command = new Command(["log", "-f", "-a"]);
    command.child.stdout?.once("data", () => command.child.stdout?.destroy());
    await expect.poll(() => command.stdout, PATIENT).not.toBe("");
    const more = () => {
      appendFileSync(join(run.log, "one.jsonl"), line(200, "more"));
      return command.child.exitCode;
    };
    await expect.poll(more, PATIENT).toBe(0);
    expect(command.stderr).toBe("");
  });
});
