import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";
import { FORGED, FORGED_METHOD, FORGED_SKILL, FORGED_WHOLE } from "./forged.ts";

const Tick = message(`test/Tick${FORGED}`, z.object({ text: z.string() }));

/** Whatever it is asked, it answers with more than that. Its names are valid ones, as any text is. */
export class Hostile extends Module({
  source: import.meta.url,
  config: z.object({ volume: z.string().default(`loud${FORGED}`).describe(`how loud${FORGED}`) }),
  outputs: { tick: Tick, [`tock${FORGED}`]: Tick },
}) {
  attribute = { [`key${FORGED_WHOLE}`]: `value${FORGED}` };
  text = `text${FORGED}`;

  override async start() {
    this.log.warn(`message${FORGED}`, { [`field${FORGED}`]: FORGED, err: new Error(`cause${FORGED}`) });
    this.clock.interval(50, () => void this.tick.publish({ text: `tick${FORGED}` }));
  }

  say = rpc(async () => `result${FORGED}`);
  tell = rpc(async () => ({ [`key${FORGED_WHOLE}`]: `result${FORGED}` }));
  [FORGED_METHOD] = rpc(async () => "named");
  fail = rpc(async () => {
    throw Object.assign(new Error(`failure${FORGED}`, { cause: new Error(`cause${FORGED}`) }), {
      name: `Odd${FORGED}`,
    });
  });

  look = skill(
    {
      description: `Looks.${FORGED}`,
      input: z.object({ at: z.string().describe(FORGED).default("") }),
    },
    async (_input, { progress }) => {
      progress(`progress${FORGED}`);
      return { status: "reached", detail: `seen${FORGED}` };
    },
  );

  [FORGED_SKILL] = skill({ description: "Has a name." }, () => FORGED);
}

/** Of another name than its class. */
export class Named extends Module({ source: import.meta.url, name: `Lidar${FORGED}` }) {}
