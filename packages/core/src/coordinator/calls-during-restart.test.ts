import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@dimos/rpc";
import { describe, expect, it } from "vitest";
import { EditedFiles } from "../../test/edited-file.ts";
import { type Books, Clerk, Clerks, Opener } from "../../test/replaced.ts";
import { run } from "../../test/run.ts";
import { autoconnect } from "../blueprint/autoconnect.ts";
import { RemoteCoordinator } from "../control/remote-coordinator.ts";
import { RunRegistry } from "../runs/run-registry.ts";
import type { ModuleCoordinator } from "./coordinator.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const LOOPS = 4;

const REPLACED = JSON.stringify(new URL("../../test/replaced.ts", import.meta.url).href);
const SOURCE = `
import { Module } from CORE;
import { Ledger as Base } from ${REPLACED};
export class Ledger extends Module({ source: import.meta.url }, Base) {}
`;

async function ledger(startMs = 20) {
  const files = new EditedFiles();
  files.write("ledger.ts", SOURCE);
  const Ledger = await files.importClass("ledger.ts", "Ledger");
  const file = join(files.directory, "entries");
  writeFileSync(file, "");
  let edits = 0;
  return {
    /** Its next restart takes place on a fresh worker. */
    edit: () => files.write("ledger.ts", `${SOURCE}// edit ${++edits}`),
    failNext: () => writeFileSync(`${file}.fails`, ""),
    hasFailed: () => !existsSync(`${file}.fails`),
    ledger: Ledger.blueprint({ file, startMs }),
    blueprint: autoconnect(Ledger.blueprint({ file, startMs }), Clerk.blueprint()),
    entries: () => readFileSync(file, "utf8").split("\n").slice(0, -1),
  };
}

/** A run with everybody who can call a module of it. */
async function office(book: Awaited<ReturnType<typeof ledger>>) {
  const system = await run(book.blueprint, { nWorkers: 2, listen: "ws://127.0.0.1:0", token: TOKEN });
  const client = await RemoteCoordinator.connect(system.endpoint);
  const relayed = await RemoteCoordinator.connect(tcpEndpointOf(system), { token: TOKEN });
  return {
    book,
    system,
    programs: [system, client, relayed],
    callers: {
      "the program": (method: string, entry: string) => system.call("Ledger", method, [entry]),
      "a client": (method: string, entry: string) => client.call("Ledger", method, [entry]),
      "a client over TCP": (method: string, entry: string) => relayed.call("Ledger", method, [entry]),
      "a reference": (method: string, entry: string) => system.call("Clerk", method, ["reference", entry]),
      "a module by name": (method: string, entry: string) => system.call("Clerk", method, ["run", entry]),
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await relayed[Symbol.asyncDispose]();
      await system.stop();
    },
  };
}

type Office = Awaited<ReturnType<typeof office>>;

function tcpEndpointOf({ runId }: ModuleCoordinator): string {
  const { entries } = new RunRegistry(process.env.DIMOS_STATE_DIR as string).list();
  return entries.find((entry) => entry.runId === runId)?.tcpEndpoint as string;
}

/** Everybody calls, in four loops each, while the module is restarted again and again. */
async function restartUnderCalls(
  { system, callers }: Office,
  times: number,
  restart: (count: number) => Promise<void>,
): Promise<Books> {
  await system.call("Clerk", "begin", [LOOPS]);
  const { "the program": program, "a client": client, "a client over TCP": relayed } = callers;
  const clerks = Object.entries({ program, client, relayed }).map(
    ([name, call]) => new Clerks((entry) => call("write", entry), name, LOOPS),
  );
  const least = async () =>
    Math.min((await system.call("Clerk", "count", [])) as number, ...clerks.map(({ written }) => written.length));
  const moreWritten = async () => {
    const before = await least();
    await expect.poll(least).toBeGreaterThan(before + LOOPS);
  };
  await moreWritten();
  for (let count = 0; count < times; count++) {
    await restart(count);
    await moreWritten();
  }
  const books = [
    ...(await Promise.all(clerks.map((clerk) => clerk.end()))),
    ...((await system.call("Clerk", "end", [])) as Books[]),
  ];
  return { written: books.flatMap(({ written }) => written), failed: books.flatMap(({ failed }) => failed) };
}

describe("Calls that have not begun when their module is restarted", () => {
  it("wait for the new instance: none of them is rejected, lost or carried out twice (D4)", async () => {
    const book = await ledger();
    await using on = await office(book);
    const { written, failed } = await restartUnderCalls(on, 4, (count) => {
      if (count % 2 === 0) book.edit();
      return on.system.restartModule("Ledger");
    });
    expect(failed).toEqual([]);
    expect(book.entries().sort()).toEqual([...written].sort());
  }, 180_000);

  it("wait for the old code where the new instance fails (D6)", async () => {
    const book = await ledger();
    await using on = await office(book);
    const { written, failed } = await restartUnderCalls(on, 2, async (count) => {
      if (count === 0) book.edit();
      book.failNext();
      await expect(on.system.restartModule("Ledger")).rejects.toMatchObject({ data: { serving: "fresh" } });
      expect(book.hasFailed()).toBe(true);
    });
    expect(failed).toEqual([]);
    expect(book.entries().sort()).toEqual([...written].sort());
  }, 180_000);

  it("end by name where nothing serves after the restart", async () => {
    const book = await ledger();
    await using on = await office(book);
    book.failNext();
    const restart = on.system.restartModule("Ledger", { reloadSource: false }).catch((error: unknown) => error);
    await expect.poll(() => stateOf(on)).not.toBe("running");
    const outcomes = call(on, "write");
    expect(await restart).toMatchObject({ data: { serving: "nothing" } });
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ code: "NO_SUCH_MODULE", message: expect.stringContaining("Ledger is ") });
    expect(book.entries()).toEqual([]);
  });

  it("end at their own deadline, and with their own signal", async () => {
    const book = await ledger(1500);
    await using on = await office(book);
    const first = on.programs.map((caller) => caller.call("Ledger", "write", ["first"]));
    await Promise.all(first);
    const restart = on.system.restartModule("Ledger", { reloadSource: false });
    await expect.poll(() => stateOf(on)).not.toBe("running");
    for (const caller of on.programs) {
      const late = caller.call("Ledger", "write", ["late"], { timeoutMs: 100 });
      await expect(late).rejects.toMatchObject({ code: "CALL_TIMEOUT", data: { timeoutMs: 100 } });
      const signal = AbortSignal.timeout(100);
      const aborted = caller.call("Ledger", "write", ["aborted"], { signal });
      await expect(aborted).rejects.toMatchObject({ code: "CALL_ABORTED" });
    }
    await restart;
    expect(book.entries()).toEqual(first.map(() => "first"));
  });
});

it("A worker that ends after a restart gives its callers time to leave by themselves", async () => {
  const book = await ledger();
  await using system = await run(book.ledger);
  const straggler = await connect(await system.endpointOf("Ledger"));
  const isCut = new Promise((resolve) => straggler.onStateChange(resolve));
  const serves = new Promise((resolve) => system.on("modulesChanged", resolve));
  book.edit();
  const restart = system.restartModule("Ledger");
  await serves;
  const startMs = performance.now();
  await expect(straggler.call("Ledger.write", ["late"])).rejects.toThrow("Ledger is being restarted");
  await isCut;
  expect(performance.now() - startMs).toBeGreaterThan(1_500);
  await restart;
  expect(book.entries()).toEqual([]);
});

it("A module that has left a worker and is loaded there again serves others while they are built", async () => {
  const book = await ledger();
  await using system = await run(book.blueprint, { nWorkers: 1 });
  await system.restartModule("Ledger");
  await system.unloadModule("Ledger");
  await system.loadBlueprint(autoconnect(book.ledger, Opener.blueprint()));
  const workers = system.listModules().map(({ worker }) => worker);
  expect(workers).toEqual(["worker-1", "worker-1", "worker-1"]);
});

describe("Calls that have begun", () => {
  it.each([
    [
      "restarted with its edited source",
      "MODULE_RESTARTED",
      ({ system, book }: Office) => {
        book.edit();
        return system.restartModule("Ledger");
      },
    ],
    [
      "restarted where it is",
      "MODULE_RESTARTED",
      ({ system }: Office) => system.restartModule("Ledger", { reloadSource: false }),
    ],
    ["unloaded", "NO_SUCH_MODULE", ({ system }: Office) => system.unloadModule("Ledger")],
  ])("when their module is %s end with %s, and are not repeated (D3, D4)", async (_, code, change) => {
    const book = await ledger();
    await using on = await office(book);
    const outcomes = call(on, "ponder");
    const begun = Object.keys(on.callers).sort();
    await expect.poll(() => book.entries().sort()).toEqual(begun);
    await change(on);
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ code, message: expect.stringContaining("Ledger") });
    expect(book.entries().sort()).toEqual(begun);
  });
});

/** Everybody calls once, and writes their name; resolves to the results and errors. */
function call({ callers }: Office, method: string): Promise<readonly unknown[]> {
  return Promise.all(
    Object.entries(callers).map(([name, caller]) => caller(method, name).catch((error: unknown) => error)),
  );
}

function stateOf({ system }: Office) {
  return system.listModules().find(({ instance }) => instance === "Ledger")?.state;
}
