import { Agent } from "@dimos/agent";
import { autoconnect } from "@dimos/core";
import { Robot } from "./robot.ts";

export const talkative = autoconnect(Robot.blueprint(), Agent.blueprint());

export const clever = autoconnect(
  Robot.blueprint(),
  Agent.blueprint({ model: "openai-compatible:llama3.2", baseUrl: "http://127.0.0.1:11434/v1" }),
);
