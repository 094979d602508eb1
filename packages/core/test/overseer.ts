import { z } from "zod";
import { Module, rpc, runOf, type SkillContext, skill } from "../src/index.ts";

/** Looks at the whole run, from inside of it. */
export class Overseer extends Module({ source: import.meta.url }) {
  atStart: readonly string[] = [];
  seen: string[][] = [];
  progress: unknown[] = [];

  override async start() {
    const run = runOf(this);
    const list = async () => (await run.listModules()).map(({ instance, state }) => `${instance} ${state}`);
    await run.on("modulesChanged", async () => void this.seen.push(await list()));
    this.atStart = [...(await list()), ...(run.answering() === undefined ? [] : ["answers a call"])];
  }

  last = rpc(async () => this.seen.at(-1));

  ask = skill(
    { description: "Calls a skill.", input: z.object({ target: z.string(), skill: z.string(), input: z.unknown() }) },
    async ({ target, skill: name, input }, { signal }) => {
      const onProgress = (value: unknown) => void this.progress.push(value);
      return runOf(this).call(target, name, [input], { signal, onProgress });
    },
  );

  halt = rpc(async () => runOf(this).estop("a child in the way"));

  settings = rpc(async () => runOf(this).settings);

  /** Reports what it is told to, and waits for the end of its caller. */
  attend = rpc(async (text: string) => {
    const { signal, progress } = runOf(this).answering() as SkillContext;
    progress(text);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    this.progress.push(String(signal.reason));
  });

  isAnswering = rpc(async () => runOf(this).answering() !== undefined);
}

export class Claims extends Module({
  source: import.meta.url,
  config: z.object({ port: z.number().default(0) }),
  ports: ({ config }) => [{ port: config.port as number, host: "127.0.0.1", remedy: "Choose another with --port" }],
}) {}

export class Aborted extends Module({ source: import.meta.url }) {
  reason = "";

  wait = skill({ description: "Waits until it is aborted." }, async (_, { signal, progress }) => {
    progress("waiting");
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    this.reason = String(signal.reason);
  });
}
