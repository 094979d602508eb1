import { expect, it } from "vitest";
import { serve } from "../src/index.ts";
import { unixEndpoint } from "./endpoints.ts";
import { walkAndAdd } from "./readme.ts";
import { connectWithErrors } from "./readme-errors.ts";

it("does what the README shows", async () => {
  expect(await walkAndAdd(unixEndpoint())).toEqual({ sum: 3, steps: [1, 2, 3, 4, 5], poses: [{ x: 1 }] });
});

it("makes errors of an own class out of their code, as the README shows", async () => {
  const fail = () => {
    throw Object.assign(new Error("3 % left"), { code: "OUT_OF_BATTERY" });
  };
  await using server = await serve(new Map([["walk", fail]]), { endpoint: unixEndpoint() });
  await using client = await connectWithErrors(server.endpoint);
  const error = await client.call("walk", []).catch((reason: Error) => reason);
  expect([(error as Error).constructor.name, (error as Error).message]).toEqual(["OutOfBatteryError", "3 % left"]);
});
