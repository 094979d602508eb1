import { testModule } from "@dimos/core/testing";
import { expect, it } from "vitest";
import { Base, halfTurn } from "./readme.ts";

it("carries the message of the README into the module of the README", async () => {
  await using base = await testModule(Base);
  await base.start();
  await base.publish("cmdVel", halfTurn);
  expect(base.module.cmdVel.latest()).toEqual(halfTurn);
});
