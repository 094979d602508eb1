export { Agent } from "./agent.ts";
export { AgentConfig } from "./agent-config.ts";
export { AgentEvent, AgentIdle, HumanInput, type TurnOutcome } from "./agent-event.ts";
export { AgentError, type AgentErrorCode } from "./errors.ts";
