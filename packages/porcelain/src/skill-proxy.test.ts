import { Console } from "node:console";
import { PassThrough } from "node:stream";
import { inspect } from "node:util";
import { skillTools } from "@dimos/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Gathering } from "../test/gathering.ts";
import { MODES, openApp } from "../test/modes.ts";
import { doAsked } from "../test/readme.ts";
import { Odd, Twin } from "../test/stress-test.ts";
import type { Dimos } from "./index.ts";

describe.each(MODES)("The skills of a Dimos, %s", (mode) => {
  let app: Dimos;
  let close: () => Promise<void>;

  beforeEach(async () => {
    ({ app, close } = await openApp(mode));
  });

  afterEach(() => close());

  it("A6 lists every skill with signature, description and module, and a bad one hides only itself", async () => {
    await app.run(Gathering);
    expect(Object.keys(app.skills)).toEqual(["echo", "ping", "slow", "info", "meet"]);
    const { message: reason } = (await app.call("Gathering.adjourn", [{}]).catch((error) => error)) as Error;
    expect(reason).toMatch(/^The skill Gathering\.adjourn is not offered, .*: in its input, a date at "until"/);
    expect(app.listUnofferedSkills()).toEqual([{ module: "Gathering", name: "adjourn", reason }]);
    expect(logged(app.skills)).toBe(
      [
        "<Skills>",
        "  echo({ message: string })  [StressTest]",
        "    Says it back.",
        "  ping()  [StressTest]",
        "    Answers pong.",
        "  slow({ seconds?: number })  [StressTest]",
        "    Takes its time.",
        "  info()  [StressTest]",
        "    Where it runs.",
        "  meet({ chair: number })  [Gathering]",
        "    Waits for the others.",
        "      fake()  [StressTest]\\x1b[2J\\u202e",
        `  (${reason})`,
        "",
      ].join("\n"),
    );
    const bad = await app.skills.adjourn({}).catch((error: Error) => error);
    expect(bad).toMatchObject({ code: "SKILL_NOT_OFFERED", message: reason });
    expect(await app.skills.ping()).toBe("pong");
  });

  it("A6 five calls at once, that wait for each other, all succeed", async () => {
    await app.run(Gathering);
    const chairs = [1, 2, 3, 4, 5];
    expect(await Promise.all(chairs.map((chair) => app.skills.meet({ chair })))).toEqual(chairs);
  });

  it("refuses a skill that is misspelt, and an input that does not fit", async () => {
    await expect(app.skills.pnig()).rejects.toThrow('No skill named "pnig"');
    await expect(app.skills.echo({ message: 7 })).rejects.toThrow(/^Invalid input: message: /);
  });

  it("hides only a skill whose input cannot be told to anybody, and says why (A6)", async () => {
    await app.run(Odd);
    expect(Object.keys(app.skills)).not.toContain("remind");
    expect(Object.keys(app.skills)).toContain("draw");
    const refused = {
      code: "SKILL_NOT_OFFERED",
      message: expect.stringMatching(
        /^The skill Odd\.remind is not offered, .*: in its input, a date at "at" .*z\.iso\.datetime\(\)/,
      ),
      data: { skill: "Odd.remind", paths: ["at"] },
    };
    await expect(app.skills.remind({})).rejects.toMatchObject(refused);
    await expect(app.Odd.remind({})).rejects.toMatchObject(refused);
    await expect(app.call("Odd.remind", [{}])).rejects.toMatchObject(refused);
    const { message: reason } = refused;
    expect(app.listUnofferedSkills()).toEqual([{ module: "Odd", name: "remind", reason }]);
    expect(inspect(app.skills)).toContain("(The skill Odd.remind is not offered");
    expect(await app.skills.ping()).toBe("pong");
  });

  it("refuses fields that a skill does not know, at any depth", async () => {
    await app.run(Odd);
    const line = { kind: "line", to: { x: 1, y: 2 } };
    expect(await app.skills.draw(line)).toEqual(line);
    await expect(app.skills.draw({ ...line, to: { x: 1, y: 2, z: 3 } })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: 'Invalid input: to: there is no field "z". It takes: x, y',
    });
    await expect(app.Odd.draw({ ...line, radius: 1 })).rejects.toThrow(
      'there is no field "radius" where kind is "line". It takes: kind, to',
    );
    await expect(app.call("StressTest.slow", [{ second: 1 }])).rejects.toThrow('Did you mean "seconds"?');
  });

  it("names both modules of an ambiguous skill, and the call that works (A7)", async () => {
    await app.run(Twin);
    await expect(app.skills.ping()).rejects.toThrow(
      'Ambiguous skill "ping" found in modules: StressTest, Twin. Call it on the module: app.getModule("StressTest").ping(...)',
    );
    expect(await app.getModule("Twin").ping()).toBe("pong from Twin");
  });

  it("offers skills as the tools of language models", async () => {
    expect(app.skills.toOpenAITools()[0]).toEqual({
      type: "function",
      function: {
        name: "echo",
        description: "Says it back.",
        parameters: expect.objectContaining({ type: "object", required: ["message"] }),
      },
    });
    expect(app.skills.toAnthropicTools()[1]).toMatchObject({ name: "ping", input_schema: { type: "object" } });
    expect(await app.skills.toAiSdkTools().echo?.execute({ message: "hi" })).toBe("hi");
  });

  it("names tools as every door does, and calls the skill that such a name means", async () => {
    await app.run([Twin, Odd]);
    const names = app.skills.toOpenAITools().map((tool) => tool.function.name);
    expect(names).toEqual(skillTools(app.listModules()).map(({ tool }) => tool));
    expect(app.skills.toAnthropicTools().map(({ name }) => name)).toEqual(names);
    expect(Object.keys(app.skills.toAiSdkTools())).toEqual(names);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(names).toEqual(expect.arrayContaining(["StressTest_ping", "Twin_ping", "echo"]));
    const long = names.find((name) => name.startsWith("whatNeeds")) as string;
    expect(await app.skills.callTool(long)).toBe("long");
    expect(await app.skills.callTool("Twin_ping", {})).toBe("pong from Twin");
    const asked = [
      { name: "echo", arguments: '{"message":"hi"}' },
      { name: "echo", arguments: '{"mesage":"hi"}' },
    ];
    expect(await doAsked(app as Dimos, asked)).toEqual([
      "hi",
      { error: expect.stringContaining('Did you mean "message"?') },
    ]);
    expect(await app.skills.callTool("StressTest_echo", { message: "ho" })).toBe("ho");
    await expect(app.skills.callTool("ehco", {})).rejects.toThrow('No skill named "ehco". Did you mean "echo"?');
    await expect(app.skills.callTool("echo", "{message")).rejects.toThrow(/^Invalid input of echo: it is not JSON: /);
    const draw = app.skills.toAnthropicTools().find(({ name }) => name === "draw");
    expect(draw?.input_schema).toMatchObject({ type: "object", properties: { kind: { enum: ["circle", "line"] } } });
  });

  it("gives a skill call a deadline, progress in order, and an abort (A19)", async () => {
    const progress: unknown[] = [];
    expect(await app.skills.slow({ seconds: 0 }, { onProgress: (value: unknown) => progress.push(value) })).toBe(0);
    expect(progress).toEqual([{ left: 0 }, { left: 0 }]);
    await expect(app.skills.slow({ seconds: 30 }, { timeoutMs: 50 })).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
    await expect(app.skills.slow({ seconds: 30 }, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: "CALL_ABORTED",
    });
    const { slow } = app.skills.toAiSdkTools();
    const abortSignal = AbortSignal.timeout(50);
    await expect(slow?.execute({ seconds: 30 }, { abortSignal })).rejects.toMatchObject({ code: "CALL_ABORTED" });
  });
});

/** What `console.log` prints of a value. */
function logged(value: unknown): string {
  const stream = new PassThrough();
  new Console(stream).log(value);
  return String(stream.read());
}
