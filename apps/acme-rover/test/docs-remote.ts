import { Dimos } from "@dimos/porcelain";
import type {} from "@dimos/unitree-go2";

/** From another host: `ws://robot.local:7447`, and the run's `token` or `callToken`. The run goes on afterwards. */
export async function nudge(endpoint: string, token: string) {
  const robot = await Dimos.connect({ endpoint, token });
  try {
    return await robot.skills.relativeMove({ forward: 0.3 });
  } finally {
    await robot.disconnect();
  }
}
