import { Agent } from "@dimos/agent";
import { autoconnect, Module, skill } from "@dimos/core";
import { z } from "zod";

/** A robot that does as it is told, or waits until it is told otherwise. */
export class Walker extends Module({ source: import.meta.url }) {
  stops = 0;
  /** Moves that go on until they are aborted. */
  walking = 0;

  relativeMove = skill(
    {
      description: "Moves; more than 10 m only until it is aborted.",
      input: z.object({ forward: z.number().default(0), left: z.number().default(0), degrees: z.number().default(0) }),
      uses: ["movement"],
    },
    async ({ forward, degrees }, { signal, progress }) => {
      progress({ distanceLeft: forward });
      if (forward > 10) {
        this.walking++;
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
        this.walking--;
        signal.throwIfAborted();
      }
      if (forward < 0) return { status: "blocked", moved: 0, turnedDegrees: 0, error: "A wall is in the way." };
      return { status: "reached", moved: forward, turnedDegrees: degrees };
    },
  );

  stopMovement = skill({ description: "Halts." }, async () => {
    this.stops++;
    return { status: "stopped" };
  });
}

export const talkative = autoconnect(Agent.blueprint(), Walker.blueprint());
