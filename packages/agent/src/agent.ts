import { Module, rpc, runOf } from "@dimos/core";
import { InvalidArgumentError } from "@dimos/rpc";
import { AgentConfig } from "./agent-config.ts";
import { AgentEvent, AgentIdle, HumanInput, type TurnOutcome } from "./agent-event.ts";
import type { Brain } from "./brain.ts";
import { Conversation } from "./conversation.ts";
import { AgentError } from "./errors.ts";
import { OfflineBrain } from "./offline/offline-brain.ts";
import { skillsOf } from "./run-skills.ts";

/**
 * Hears what people write on `humanInput`, calls skills of the whole run, and tells on `agent` what it says and does.
 * Without further settings it is a parser of fixed commands and no language model.
 */
export class Agent extends Module({
  source: import.meta.url,
  config: AgentConfig,
  inputs: { humanInput: HumanInput },
  outputs: {
    agent: AgentEvent,
    agentIdle: { type: AgentIdle, qos: { ...AgentIdle.qos, keep: "latest", latched: true } },
  },
}) {
  #brain: Brain | undefined;
  #conversation: Conversation | undefined;

  hear = rpc(
    async (text: string): Promise<TurnOutcome> => {
      if (typeof text !== "string") throw new InvalidArgumentError("What is said", "a string", text);
      if (this.#conversation === undefined)
        throw new AgentError(
          "AGENT_NOT_STARTED",
          `${this.instanceName} has not started yet: say it again when the run is up`,
        );
      const call = runOf(this).answering();
      return await this.#conversation.hear(text, { signal: call?.signal, onEvent: call?.progress });
    },
    {
      description:
        "Works on a message for as long as its caller is there, and reports the events of its turn as progress.",
      // A request may take hours. It ends all the same, since every skill and model call has a deadline.
      timeoutMs: Number.POSITIVE_INFINITY,
    },
  );

  override async build() {
    this.#brain = await this.#chooseBrain();
  }

  override async start() {
    const brain = this.#brain as Brain;
    const conversation = new Conversation({
      brain,
      skills: skillsOf(runOf(this)),
      log: this.log,
      signal: this.signal,
      nowMs: () => this.clock.now(),
      publish: (event) => void this.agent.publish(event),
      setIdle: (data) => void this.agentIdle.publish({ data }),
    });
    this.#conversation = conversation;
    this.humanInput.subscribe(({ data }) => void conversation.hear(data));
    this.log.info(`The agent is an ${brain.label}`);
    await this.agentIdle.publish({ data: true });
  }

  async #chooseBrain(): Promise<Brain> {
    if (this.config.model === "offline") return new OfflineBrain(this.instanceName);
    // Language models and their packages are loaded by whoever wants one.
    const { openModel } = await import("./models/open-model.ts");
    return await openModel(this.config, process.env);
  }
}
