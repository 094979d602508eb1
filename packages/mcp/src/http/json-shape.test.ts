import { expect, it } from "vitest";
import { serve, startSession } from "../../test/http-server.ts";
import { post } from "../../test/raw-http.ts";
import { refusedShape } from "./json-shape.ts";

const refused = (text: string) => refusedShape(Buffer.from(text));
const nested = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
const members = (count: number) => JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [n, n])));

it("counts levels and members, but not in strings", () => {
  expect(refused(nested(64))).toBeUndefined();
  expect(refused(nested(65))).toBe("A request may be nested 64 levels deep at most");
  expect(refused(`[${"[],".repeat(100)}{}]`)).toBeUndefined();
  expect(refused(members(20_000))).toBeUndefined();
  expect(refused(members(20_001))).toBe("A request may have 20000 members of objects at most");
  expect(refused(JSON.stringify({ text: `\\"${"[:".repeat(30_000)}\\\\\\` }))).toBeUndefined();
  expect(refused(`["a\\\\", ${nested(64)}]`)).toMatch("nested");
  expect(refused('"never closed [[')).toBeUndefined();
});

it("keeps such a body from the parser, in a session and without one", async () => {
  await using server = await serve();
  const bomb = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"deep":${nested(1_000_000)}}}`;
  expect(await post(server.url, bomb)).toMatchObject({ status: 400, body: expect.stringContaining("64 levels deep") });
  const say = await startSession(server.url);
  expect(await (await say(JSON.parse(members(30_000)))).ended).toContain("20000 members");
});
