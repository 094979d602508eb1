import { Module, runOf } from "@dimos/core";
import { AgentConfig } from "./agent-config.ts";
import { AgentEvent, AgentIdle, HumanInput } from "./agent-event.ts";
import type { Brain } from "./brain.ts";
import { Conversation } from "./conversation.ts";
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
