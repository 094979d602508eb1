import { autoconnect } from "@dimos/core";
import { FencePatrol } from "./fence-patrol.ts";
import { RoverConnection } from "./rover-connection.ts";

export const patrol = autoconnect(RoverConnection.blueprint(), FencePatrol.blueprint());
