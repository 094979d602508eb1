import { Module, rpc, skill } from "@dimos/core";
import { expect, it } from "vitest";
import { Dimos } from "./index.ts";

const DECLARED_MS = 100;

/** Takes longer than it says that it does. */
class Slow extends Module({ source: import.meta.url }) {
  walk = skill({ description: "Walks.", timeoutMs: DECLARED_MS }, (_input, { signal }) => this.#take(signal));

  turn = rpc(() => this.#take(), { timeoutMs: DECLARED_MS });

  async #take(signal?: AbortSignal): Promise<string> {
    await this.clock.sleep(4 * DECLARED_MS, signal === undefined ? {} : { signal });
    return "done";
  }
}

it("A robot is given the time that its caller gives it, whatever its skill declares (K6)", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 0 });
  await app.run(Slow);
  const timeoutMs = 30_000;
  const given = [
    app.skills.walk({}, { timeoutMs }),
    app.Slow.walk({}, { timeoutMs }),
    app.call("Slow.walk", [{}], { timeoutMs }),
    app.call("Slow.walk", [{}, { timeoutMs }]),
    app.call("Slow.turn", [], { timeoutMs }),
  ];
  const declared = [app.skills.walk(), app.Slow.walk({}), app.call("Slow.walk", [{}]), app.call("Slow.turn")];
  for (const outcome of await Promise.allSettled(declared))
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "CALL_TIMEOUT" } });
  expect(await Promise.all(given)).toEqual(given.map(() => "done"));
});
