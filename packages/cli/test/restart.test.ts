import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Command, dimos, state } from "./command.ts";
import { daemon, isThere, stopAll } from "./daemons.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

afterEach(stopAll);

/** Process ids of everything that carries the run's id, and of the run. */
function processesOf(run: string): number[] {
  const own = JSON.parse(readFileSync(entryFile(run), "utf8")).pid;
  const others = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(run));
  return [own, ...others.map(Number)];
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function only() {
  const reports = JSON.parse((await dimos("status", "--json")).stdout);
  expect(reports).toHaveLength(1);
  return reports[0];
}

function entryFile(run: string): string {
  return join(state(), "runs", `${run}.json`);
}

function edit(run: string, change: object): void {
  const entry = JSON.parse(readFileSync(entryFile(run), "utf8"));
  writeFileSync(entryFile(run), JSON.stringify({ ...entry, ...change }));
}

describe("dimos restart (H4), the four findings of its review", () => {
  it("boolean false flags survive, as does every other argument, the name and the directory", async () => {
    const old = await daemon("talker", "--no-loud", "--gain", "-2", "--name", "voice");
    const before = await only();
    const restarted = await new Command(["restart"], { cwd: tmpdir() }).finished();
    expect(restarted.stderr).toMatch(
      /^Running: \S+ \S+dimos\.js run talker --no-loud --gain -2 --name voice --daemon\n\d\d:\d\d:\d\d\.\d{3}\S+ info {2}Talker: config .*\nRunning voice: /,
    );
    expect(restarted.exitCode).toBe(0);
    const now = await only();
    expect(now.runId).not.toBe(old.run);
    expect([now.name, now.cwd]).toEqual(["voice", before.cwd]);
    expect([old.pid, ...before.workers.map((worker: { pid: number }) => worker.pid)].filter(isThere)).toEqual([]);
    expect(JSON.parse((await dimos("call", "Talker.settings")).stdout)).toMatchObject({ loud: false, gain: -2 });
  });

  it("secrets are masked where the command line is shown, and given to the new run as they were", async () => {
    const login = '{"user":"ada","phrase":"of-the-member"}';
    await daemon("./cloud.ts#Cloud", "--pin", "of-the-flag", "--cloud.login", login);
    const { exitCode, stderr } = await dimos("restart");
    expect(exitCode).toBe(0);
    expect(stderr).toContain(` --pin *** --cloud.login '{"user":"ada","phrase":"***"}' --daemon`);
    expect(stderr).not.toContain("of-the-");
    const { stdout: config } = await dimos("get", "Cloud.config");
    expect(JSON.parse(config)).toEqual({ pin: "***", login: { user: "ada", phrase: "***" } });
    expect((await dimos("get", "Cloud.config.login.phrase", "--json")).stdout).toBe('"***"\n');
    expect((await dimos("run", "./cloud.ts#Cloud", "--help")).stdout).toMatch(/--pin <value> .*default "\*\*\*"/);
    expect(JSON.parse((await dimos("call", "Cloud.settings")).stdout)).toEqual({
      pin: "of-the-flag",
      login: { user: "ada", phrase: "of-the-member" },
    });
  });

  it("restart --daemon and restart --foreground do what they say, in the recorded environment", async () => {
    const old = await new Command(["run", "talker", "--daemon"], { env: { DIMOS_TALKER__GAIN: "7" } }).finished();
    expect(old.exitCode).toBe(0);
    const restarted = new Command(["restart", "--foreground", "--force"]);
    await restarted.says("Running talker: 1 module in 1 process. Ctrl-C stops.");
    expect((await only()).pid).toBe(restarted.child.pid);
    expect(JSON.parse((await dimos("call", "Talker.settings")).stdout)).toMatchObject({ gain: 7 });
    const back = await dimos("restart", "--daemon");
    expect(back.exitCode).toBe(0);
    expect((await restarted.finished()).exitCode).toBe(0);
    expect((await only()).pid).not.toBe(restarted.child.pid);
  });

  it("a missing or unexecutable command, an unknown name and a bad setting are found before anything stops", async () => {
    const project = mkdtempSync(join(tmpdir(), "dimos-restart-"));
    const node = join(project, "node");
    copyFileSync(process.execPath, node);
    chmodSync(node, 0o600);
    const { run, pid } = await daemon("talker");
    const { argv, execPath } = JSON.parse(readFileSync(entryFile(run), "utf8"));
    const [script] = argv;
    const broken: readonly [object, string][] = [
      [{ argv: [] }, "its file does not say how it was started"],
      [{ argv: [script, "run", "tlaker", "--daemon"] }, 'Unknown blueprint or module: "tlaker"'],
      [{ argv: [script, "run", "talker", "--gain", "loud"] }, "--gain takes a value of type number"],
      [{ argv: [script, "run", "talker", "--gian", "1"] }, "There is no option --gian"],
      [{ argv: ["/gone/dimos.js", "run", "talker"] }, "its program, /gone/dimos.js, is not there any more"],
      [{ execPath: "/gone/node" }, "the Node that ran it, /gone/node, is not there any more"],
      [{ execPath: node }, "is not there any more, or cannot be run"],
      [{ cwd: "/gone" }, "its directory /gone is not there any more"],
    ];
    for (const [change, reason] of broken) {
      edit(run, { argv, execPath, ...change });
      const { exitCode, stdout, stderr } = await dimos("restart");
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`Error: talker (${run}) is left as it is: `);
      expect(stderr).toContain(reason);
      expect(isThere(pid)).toBe(true);
      if ("cwd" in change) edit(run, { cwd: process.cwd() });
    }
    rmSync(project, { recursive: true });
  });

  it("after --force the new run never meets the old one's ports or sockets", async () => {
    const port = await freePort();
    let old = await daemon("port-holder", "--port", String(port));
    for (let round = 0; round < 3; round++) {
      const sockets = dirname((await only()).endpoint.slice("unix:".length));
      const before = processesOf(old.run);
      expect(before.length).toBeGreaterThan(2);
      const { exitCode, stderr } = await dimos("restart", "--force");
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("Running port-holder: ")]);
      expect(before.filter(isThere)).toEqual([]);
      expect(existsSync(sockets)).toBe(false);
      const now = await only();
      expect(dirname(now.endpoint.slice("unix:".length))).not.toBe(sockets);
      old = { ...old, run: now.runId };
    }
  });
});

describe("dimos restart (H4)", () => {
  it("says that nothing is running now when the new run does not start", async () => {
    for (const mode of ["--daemon", "--foreground"]) {
      const { run } = await daemon("good");
      const { argv } = JSON.parse(readFileSync(entryFile(run), "utf8"));
      edit(run, { argv: [argv[0], "run", "breaks"] });
      const { exitCode, stderr } = await dimos("restart", mode);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("Breaks failed to start: the lidar does not answer");
      expect(stderr).toContain(`Nothing is running now: good (${run}) was stopped for this restart`);
      expect((await dimos("status")).exitCode).toBe(3);
    }
  });

  it("says how to start a run again that has ended, by its name and as the last one", async () => {
    const { run } = await daemon("talker", "--name", "gone", "--gain", "2");
    await dimos("stop");
    const again = `To start gone (${run}) again: dimos run talker --name gone --gain 2 --daemon\n`;
    expect(await dimos("restart", "gone")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/^Error: gone \(\S+\) is not running: it was stopped \d+ s ago\. To start /),
    });
    for (const args of [["gone"], []])
      expect(await dimos("restart", ...args)).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(again) });
  });

  it("restarts one module where it is while its source has not changed, and the run goes on", async () => {
    const { pid } = await daemon("good");
    const before = await only();
    expect(await dimos("restart", "--module", "Talker")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "Restarted Talker with its source as it is now\n",
    });
    const pidOf = (report: { modules: { instance: string; pid: number }[] }, name: string) =>
      report.modules.find(({ instance }) => instance === name)?.pid;
    const after = await only();
    expect([after.pid, pidOf(after, "Second")]).toEqual([pid, pidOf(before, "Second")]);
    expect(pidOf(after, "Talker")).toBe(pidOf(before, "Talker"));
    expect(await dimos("restart", "--module", "Talkr")).toMatchObject({ exitCode: 2 });
  });
});
