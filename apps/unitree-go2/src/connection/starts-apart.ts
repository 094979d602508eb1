import { kebabCase, type RequiredModule } from "@dimos/core";
import { bodyAt, ROTATION_DIAMETER_M } from "../simulator/body.ts";
import { loadWorld } from "../world/load-world.ts";
import { type Rectangle, rectanglesTouch } from "../world/rectangle.ts";
import { Go2Config, startPose } from "./connect-go2.ts";

interface Start {
  readonly instance: string;
  readonly world: string;
  readonly body: Rectangle;
}

/** A requirement of blueprints: refuses simulated robots of one world that would stand in one another, before anything is started. */
export function startsApart({ modules }: { readonly modules: readonly RequiredModule[] }): string | undefined {
  const starts = modules
    .filter(({ className }) => className === "Go2Connection")
    .map(startOf)
    .filter((start) => start !== undefined);
  const sentences = starts.flatMap((one, i) =>
    starts
      .slice(i + 1)
      .filter((other) => other.world === one.world && rectanglesTouch(one.body, other.body))
      .map((other) => sentence(one, other)),
  );
  return sentences.length === 0 ? undefined : sentences.join("\n- ");
}

function startOf({ instance, config }: RequiredModule): Start | undefined {
  const settings = Go2Config.parse(config);
  if (settings.robotIp !== undefined) return undefined;
  const world = loadWorld(settings.world);
  return { instance, world: world.plan.name, body: bodyAt(startPose(settings, world) ?? world.plan.start) };
}

function sentence(one: Start, other: Start): string {
  const flag = `--${kebabCase(other.instance)}`;
  return `${place(one)} and ${place(other)} would stand in one another in the world ${one.world}. Let one of them start ${ROTATION_DIAMETER_M} m away or more: ${flag}.start-x, ${flag}.start-y`;
}

function place({ instance, body: { x, y } }: Start): string {
  return `${instance} (x ${x.toFixed(2)}, y ${y.toFixed(2)})`;
}
