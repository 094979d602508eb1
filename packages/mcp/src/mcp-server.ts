import { Module, type ModuleContext, type ModuleStatus, rpc, runOf } from "@dimos/core";
import { z } from "zod";
import { MissingTokenError, PORT_REMEDY } from "./errors.ts";
import { isLoopback } from "./http/access.ts";
import { McpHttpServer } from "./http/http-server.ts";
import { HumanInput } from "./human-input.ts";
import { type ListenConfig, listenAddress } from "./listen-address.ts";
import { protocolServer } from "./protocol-server.ts";
import { Toolbox } from "./tools/toolbox.ts";

/** Offers every skill of the run to agents, as tools of the Model Context Protocol: `http://127.0.0.1:9990/mcp`. */
export class McpServer extends Module({
  source: import.meta.url,
  config: z.object({
    host: z.string().optional().describe("address to listen on; default: the run's mcpHost"),
    port: z.number().int().min(0).max(65_535).optional().describe("port to listen on; default: the run's mcpPort"),
    accessToken: z
      .string()
      .min(16)
      .optional()
      .meta({ secret: true })
      .describe("what clients have to show; must be set where others can reach the server"),
    allowedHosts: z
      .array(z.string())
      .default([])
      .describe("more names that clients may reach the server by, as in robot.local"),
  }),
  outputs: { humanInput: HumanInput },
  ports: ({ config, settings }) => {
    const { host, port, isPortFixed } = listenAddress(config as ListenConfig, settings);
    return isPortFixed ? [{ host, port, remedy: PORT_REMEDY }] : [];
  },
}) {
  #http: McpHttpServer | undefined;

  constructor(context: ModuleContext) {
    super(context);
    const { host } = listenAddress(this.config, runOf(this).settings);
    if (!isLoopback(host) && this.config.accessToken === undefined)
      throw new MissingTokenError(this.instanceName, host);
  }

  /** Where clients connect to. What they have to show is its owner's to read: `McpServer.config.accessToken`. */
  connection = rpc(async (): Promise<{ url: string | undefined }> => ({ url: this.#http?.url }));

  override async start(): Promise<void> {
    const run = runOf(this);
    const toolbox = new Toolbox(run, (text) => this.#say(text));
    const { accessToken, allowedHosts } = this.config;
    const http = await McpHttpServer.listen({
      ...listenAddress(this.config, run.settings),
      accessToken,
      allowedHosts,
      origins: run.settings.mcpOrigins,
      log: this.log,
      createServer: () => protocolServer(toolbox, (error) => this.log.warn(`A client was given up. ${error.message}`)),
    });
    this.#http = http;
    this.onStop(() => http[Symbol.asyncDispose]());
    this.log.info(`Agents connect to ${http.url}`);
    await run.on("modulesChanged", () => http.toolsChanged());
  }

  async #say(text: string): Promise<string> {
    await this.humanInput.publish({ data: text });
    const listeners = (await runOf(this).listModules()).filter(listensToPeople);
    if (listeners.length > 0) return `Said to ${listeners.map(({ instance }) => instance).join(", ")}`;
    return "Said, but no module of this run listens to humanInput: there is no agent";
  }
}

function listensToPeople({ description }: ModuleStatus): boolean {
  return description.ports.some(({ name, direction }) => name === "humanInput" && direction !== "out");
}
