import { openSync, writeSync } from "node:fs";
import { z } from "zod";
import { type HoldEvent, Module, message, rpc, runOf, type SkillContext, skill, spec } from "../src/index.ts";

const Push = message("test/Push", z.object({ by: z.number() }));

interface Legs {
  walk(input?: { seconds?: number }): Promise<string>;
  step(): Promise<string>;
}

/** Holds movement, and what it is asked for beside it, for as long as it is asked to. */
export class Walker extends Module({ source: import.meta.url }) {
  aborted: string[] = [];
  walking = 0;

  walk = skill(
    {
      description: "Walks.",
      input: z.object({ seconds: z.number().default(0), cleanupMs: z.number().default(0) }),
      uses: ["movement"],
    },
    (input, context) => this.#hold("walk", input, context),
  );

  wave = skill(
    { description: "Walks and waves.", input: z.object({ seconds: z.number().default(0) }), uses: ["movement", "arm"] },
    (input, context) => this.#hold("wave", input, context),
  );

  march = skill(
    {
      description: "Reports progress for as long as it is asked to walk.",
      input: z.object({ seconds: z.number().default(60) }),
      uses: ["movement"],
      timeoutMs: 500,
    },
    async ({ seconds }, { signal, progress }) => {
      this.walking++;
      const endMs = performance.now() + seconds * 1000;
      try {
        while (performance.now() < endMs) {
          progress("walks");
          await this.clock.sleep(50, { signal });
        }
        return "there";
      } catch (error) {
        this.aborted.push((signal.reason as { code?: string }).code ?? "");
        throw error;
      } finally {
        this.walking--;
      }
    },
  );

  /** Calls its own skill. */
  pace = rpc(() => this.march());

  /** The same, with a deadline. */
  briefly = rpc(() => this.march({}, { timeoutMs: 400 }));

  /** Takes its own end for granted, each way in which a skill can. */
  stroll = skill(
    {
      description: "Walks until it is aborted, and says so in its own way.",
      input: z.object({ end: z.enum(["report", "nothing", "other error"]) }),
      uses: ["movement"],
    },
    async ({ end }, { signal, progress }) => {
      progress("holds");
      await this.clock.sleep(60_000, { signal }).catch(() => undefined);
      if (end === "other error") throw new Error("The goal was cancelled.");
      return end === "report" ? { status: "cancelled", moved: 0.2, error: "The goal was cancelled." } : undefined;
    },
  );

  step = rpc(() => this.walk());

  ended = rpc(async () => this.aborted);

  atWork = rpc(async () => this.walking);

  exit = rpc(async () => process.exit(3));

  drift = rpc(async () => "drifted", { moves: true });

  _pushed = 0;
  push(): number {
    this._pushed += 1;
    return this._pushed;
  }

  async #hold(
    what: string,
    { seconds, cleanupMs = 0 }: { seconds: number; cleanupMs?: number },
    context: SkillContext,
  ) {
    this.walking++;
    context.progress("holds");
    try {
      await this.clock.sleep(seconds * 1000, { signal: context.signal });
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, cleanupMs));
      this.aborted.push((context.signal.reason as Error).name);
      throw error;
    } finally {
      this.walking--;
    }
    return what;
  }
}

/** Walks by others, holding movement itself or not, and goes on in the background. */
export class Guide extends Module({
  source: import.meta.url,
  refs: { legs: spec<Legs>()("walk", "step") },
}) {
  rounds = 0;
  failed = false;

  tour = skill({ description: "Lets the legs walk twice.", uses: ["movement"] }, async () => [
    await this.legs.walk(),
    await this.legs.step(),
  ]);

  together = skill({ description: "Asks for two walks at once.", uses: ["movement"] }, () =>
    Promise.all([this.legs.walk({ seconds: 0.05 }), this.legs.walk({ seconds: 0.05 })]),
  );

  errand = skill({ description: "Calls a walk by its name.", uses: ["movement"] }, () =>
    runOf(this).call("Walker", "walk", [{}], { timeoutMs: 2_000 }),
  );

  leadByName = skill({ description: "Calls a long walk by its name.", uses: ["movement"] }, () =>
    runOf(this).call("Walker", "walk", [{ seconds: 60 }]),
  );

  lead = skill({ description: "Lets the legs walk for long.", uses: ["movement"] }, () =>
    this.legs.walk({ seconds: 60 }),
  );

  patrol = skill(
    {
      description: "Walks rounds until it is ended.",
      input: z.object({ refuse: z.boolean().default(false), fail: z.boolean().default(false) }),
      uses: ["movement"],
      lifecycle: "background",
      endedBy: "endPatrol",
    },
    async ({ refuse, fail }, { accept }) => {
      if (refuse) return { status: "refused" as const };
      return accept({ status: "walking" as const }, async ({ signal }) => {
        if (fail) throw new Error("lost its way");
        while (!signal.aborted) {
          await this.legs.walk();
          this.rounds++;
          await this.clock.sleep(10, { signal });
        }
      });
    },
  );

  endPatrol = skill({ description: "Ends the patrol." }, async () => ({ ended: await this.patrol.end() }));

  state = rpc(async () => ({ rounds: this.rounds, isRunning: this.patrol.isRunning }));
}

/** Lets the legs walk, and holds nothing itself. */
export class Leader extends Module({ source: import.meta.url, refs: { walker: Walker } }) {
  lead = rpc((): Promise<string> => this.walker.walk({ seconds: 60 }));

  march = skill({ description: "Lets the walker walk." }, () => this.walker.march());

  briefly = rpc(() => this.walker.march({}, { timeoutMs: 400 }));

  byName = rpc(() => runOf(this).call("Walker", "march", [{}], { timeoutMs: 400 }));

  follow = skill({ description: "Walks until it is aborted." }, (_input, { signal }) =>
    this.walker.walk({ seconds: 60 }, { signal }),
  );
}

/** An actuator that counts what it is pushed, and takes its time to halt. */
export class Motor extends Module({
  source: import.meta.url,
  config: z.object({ haltMs: z.number().default(0) }),
  inputs: { push: Push },
  actuator: true,
}) {
  pushes = 0;
  estops: string[] = [];
  holds: HoldEvent[] = [];

  override async start() {
    this.push.subscribe(() => {
      this.pushes++;
    });
    this.onHold((event) => void this.holds.push(event));
    this.onEstop(async (estop) => {
      await new Promise((resolve) => setTimeout(resolve, this.config.haltMs));
      this.estops.push(estop.latched ? estop.reason : "reset");
    });
  }

  state = rpc(async () => ({ pushes: this.pushes, estops: this.estops }));

  heard = rpc(async () => this.holds);

  turn = rpc(async () => "turned", { moves: true });

  block = rpc(async () => {
    for (;;);
  });

  /** The same, and notes how much processor time that took so far, milliseconds. */
  blockNoting = rpc(async (path: string) => {
    const file = openSync(path, "w");
    const before = process.cpuUsage();
    for (;;) {
      const { user, system } = process.cpuUsage(before);
      writeSync(file, String(Math.round((user + system) / 1000)).padStart(9), 0);
    }
  });

  blockFor = rpc(async (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  });
}

export class Pusher extends Module({ source: import.meta.url, outputs: { push: Push } }) {
  once = rpc(async () => this.push.publish({ by: 1 }));
}

/** Keeps a goal beside its skills, as a planner does: pushes the motor until it is told to forget that. */
export class Driver extends Module({ source: import.meta.url, outputs: { push: Push } }) {
  isDriving = false;

  override async start() {
    this.onHold((event) => {
      if (event.phase === "ended" && event.isCancelled) this.isDriving = false;
    });
    this.clock.interval(20, () => this.isDriving && void this.push.publish({ by: 1 }));
  }

  drive = rpc(async () => {
    this.isDriving = true;
  });

  drives = rpc(async () => this.isDriving);
}
