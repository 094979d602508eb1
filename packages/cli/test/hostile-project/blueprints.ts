import { autoconnect } from "@dimos/core";
import { Hostile, Named } from "./hostile.ts";

export const hostile = autoconnect(Hostile.blueprint(), Named.blueprint());
