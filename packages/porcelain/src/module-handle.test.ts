import { expect, it } from "vitest";
import { Slow } from "../test/slow.ts";
import { Dimos } from "./index.ts";

it("A robot is given the time that its caller gives it, whatever its skill declares (K6)", async () => {
  await using app = new Dimos({ consoleLevel: "silent", nWorkers: 1 });
  await app.run(Slow);
  // Opens the connection: what is measured are the calls.
  await app.call("Slow.walk", [{}], { timeoutMs: 30_000 });
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
