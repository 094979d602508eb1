import { expect, it } from "vitest";
import { CallRecords } from "./call-records.ts";

it("an agent that asks for the status again and again still finds how its cancelled move ended", () => {
  const records = new CallRecords();
  records.begin("relativeMove")("cancelled");
  for (let asked = 0; asked < 100; asked++) records.begin("server_status")("succeeded");
  const tools = records.list().map(({ tool }) => tool);
  expect(tools).toHaveLength(20);
  expect(tools.at(-1)).toBe("relativeMove");
});

it("the oldest of many calls of one tool are forgotten", () => {
  const records = new CallRecords();
  for (let calls = 0; calls < 30; calls++) records.begin("look");
  expect(records.list().map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => 30 - index));
});
