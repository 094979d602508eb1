import { Module, rpc } from "@dimos/core";
import { z } from "zod";

const secret = z.string().meta({ secret: true });

/** Run by its file only. */
export class Cloud extends Module({
  source: import.meta.url,
  config: z.object({
    pin: secret.default("none"),
    login: z.object({ user: z.string(), phrase: secret }).optional(),
  }),
}) {
  settings = rpc(async () => this.config);
}
