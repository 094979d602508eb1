import { once } from "node:events";
import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";

export class Talker extends Module({
  source: import.meta.url,
  config: z.object({
    mapFile: z.string().default("office.yaml"),
    gain: z.number().default(1).describe("how loud"),
    loud: z.boolean().default(true),
    words: z.array(z.string()).default([]),
  }),
}) {
  override async start() {
    this.log.info(`config ${JSON.stringify(this.config)}`);
  }

  /** Logs one line of a level, with an error where one is worth it. */
  say = skill(
    {
      description: "Writes a line to the log.",
      input: z.object({ text: z.string(), level: z.enum(["debug", "info", "warn", "error"]).default("info") }),
    },
    async ({ text, level }) => {
      this.log[level](text, level === "error" ? { err: new Error(text) } : { length: text.length });
      return { said: text };
    },
  );

  settings = rpc(async () => this.config);
}

export class Second extends Module({
  source: import.meta.url,
  config: z.object({ mapFile: z.string().default("home.yaml") }),
}) {}

export class Breaks extends Module({ source: import.meta.url }) {
  override async start() {
    throw new Error("the lidar does not answer");
  }
}

export class NeverStarts extends Module({ source: import.meta.url }) {
  override async start() {
    this.log.info("starting for ever");
    await new Promise(() => {});
  }
}

const Text = message("test/Text", z.object({ text: z.string() }));

export class Quiet extends Module({ source: import.meta.url, outputs: { spoken: Text } }) {}

const HOLDS_PORT = `
require("node:net").createServer().listen(Number(process.argv[1]), "127.0.0.1", () => console.log("bound"))
  .on("error", ({ code }) => { console.log(code); process.exit(1); })`;

/** Its port is bound by a process of its own, in a session of its own. */
export class PortHolder extends Module({ source: import.meta.url, config: z.object({ port: z.number() }) }) {
  override async start() {
    const args = ["-e", HOLDS_PORT, String(this.config.port)];
    const child = this.spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    if (String(said) !== "bound\n") throw new Error(`the port is taken: ${said}`);
  }
}

/** Its `stop` never returns. */
export class Stubborn extends Module({ source: import.meta.url }) {
  override async stop() {
    await new Promise(() => {});
  }
}
