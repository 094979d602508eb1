import { pathToFileURL } from "node:url";
import { autoconnect, Module } from "@dimos/core";
import { Breaks, NeverStarts, PortHolder, Quiet, Second, Stubborn, Talker } from "./modules.ts";
import { Legs, Mover } from "./mover.ts";
import { Robot } from "./robot.ts";

export const good = autoconnect(Talker.blueprint(), Second.blueprint());
export const quiet = Quiet.blueprint();
export const portHolder = PortHolder.blueprint();
export const stubborn = Stubborn.blueprint();
export const robot = Robot.blueprint();
export const breaks = autoconnect(Talker.blueprint(), Breaks.blueprint());
export const neverStarts = autoconnect(Talker.blueprint(), NeverStarts.blueprint());

/** Its class stands in a file that only a worker imports, and that a test writes: it cannot be parsed. */
const brokenFile = process.env.TEST_BROKEN_FILE;
class Misspelt extends Module({
  source: brokenFile === undefined ? import.meta.url : pathToFileURL(brokenFile).href,
}) {}
export const syntaxError = Misspelt.blueprint();
export const mover = autoconnect(Mover.blueprint(), Legs.blueprint());
