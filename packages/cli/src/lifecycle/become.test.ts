import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../test/programs/become.ts", import.meta.url));

/** A program that becomes this one; `without`, on a Node that cannot replace a process. */
function becoming(code: string, without: boolean): { child: ChildProcess; said: () => string } {
  const args = ["--conditions=@dimos/source", PROGRAM, without ? "without" : "with", code];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
  });
  return { child, said: () => text };
}

const REPORT = `
  process.stdin.once("data", (data) => {
    console.log(JSON.stringify([process.cwd(), process.env.MARK, String(data), process.pid]));
    process.exit(7);
  });`;

it.each([
  ["becomes the other program in its own process (H4)", false],
  ["runs it as a child with the same terminal, and ends as it does, where a process cannot be replaced (H4)", true],
])("%s", async (_title, without) => {
  const { child, said } = becoming(REPORT, without);
  child.stdin?.write("typed");
  const [code] = await once(child, "close");
  const [cwd, mark, typed, pid] = JSON.parse(said());
  expect([code, cwd, mark, typed, pid === child.pid]).toEqual([7, "/", "passed on", "typed", !without]);
});

it("passes SIGTERM on to a child, waits for it, and says which signal ended it", async () => {
  const asked = becoming(
    'process.on("SIGTERM", () => { console.log("asked"); process.exit(3); }); setInterval(() => {}, 1e6); console.log("up")',
    true,
  );
  await expect.poll(asked.said).toBe("up\n");
  asked.child.kill("SIGTERM");
  expect((await once(asked.child, "close"))[0]).toBe(3);
  expect(asked.said()).toBe("up\nasked\n");
  const killed = becoming('process.kill(process.pid, "SIGKILL")', true);
  expect((await once(killed.child, "close"))[0]).toBe(137);
});
