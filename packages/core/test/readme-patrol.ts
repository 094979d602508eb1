import { Module, skill, spec } from "@dimos/core";
import { z } from "zod";

interface Legs {
  navigateTo(place: { x: number; y: number }): Promise<unknown>;
}

export class Patrol extends Module({ source: import.meta.url, refs: { legs: spec<Legs>()("navigateTo") } }) {
  startPatrol = skill(
    {
      description: "Goes round the given places until it is stopped.",
      input: z.object({ places: z.array(z.object({ x: z.number(), y: z.number() })) }),
      uses: ["movement"],
      lifecycle: "background",
      endedBy: "stopPatrol",
    },
    async ({ places }, { accept }) => {
      if (places.length === 0) return { status: "refused" as const, error: "There is no place to go to." };
      return accept({ status: "patrolling" as const }, async ({ signal }) => {
        while (!signal.aborted) for (const place of places) await this.legs.navigateTo(place);
      });
    },
  );

  stopPatrol = skill({ description: "Stops the patrol." }, async () => ({ stopped: await this.startPatrol.end() }));
}
