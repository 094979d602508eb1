import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { z } from "zod";
import { Go2Error } from "../errors.ts";
import { assertRoomToStand } from "../simulator/body.ts";
import { World } from "./world.ts";
import { planFromFile, WorldFile } from "./world-file.ts";

const WORLDS = new URL("../../worlds/", import.meta.url);

/** Names of the worlds that come with this package. */
export function worldNames(): string[] {
  return readdirSync(WORLDS)
    .filter((file) => file.endsWith(".json"))
    .map((file) => basename(file, ".json"))
    .sort();
}

/**
 * Loads a world by its name, or from a file: anything with a slash or the ending `.json` is a path.
 * Throws `Go2Error` when there is none, when the file is malformed, and when its start pose is blocked.
 */
export function loadWorld(nameOrFile: string): World {
  const isFile = nameOrFile.includes("/") || nameOrFile.endsWith(".json");
  if (!isFile && !worldNames().includes(nameOrFile)) {
    throw new Go2Error(
      "UNKNOWN_WORLD",
      `Unknown world "${nameOrFile}". Known worlds: ${worldNames().join(", ")}; or give the path of a .json file.`,
    );
  }
  const path = isFile ? nameOrFile : new URL(`${nameOrFile}.json`, WORLDS);
  return parseWorld(readText(path, nameOrFile), nameOrFile);
}

/** Makes a world from the text of a world file; `origin` names it in errors. */
export function parseWorld(text: string, origin: string): World {
  const parsed = WorldFile.safeParse(parseJson(text, origin));
  if (!parsed.success) {
    throw new Go2Error("MALFORMED_WORLD", `World file ${origin} is malformed:\n${z.prettifyError(parsed.error)}`);
  }
  const world = new World(planFromFile(parsed.data));
  assertRoomToStand(world, world.plan.start, `The start pose of world ${origin}`);
  return world;
}

function readText(path: string | URL, origin: string): string {
  try {
    // Opening a FIFO that nobody writes to would block, past every signal.
    const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!fstatSync(descriptor).isFile()) throw new Error("it is not a file");
      return readFileSync(descriptor, "utf8");
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Go2Error(
      "UNKNOWN_WORLD",
      `Cannot read the world file ${origin}: ${reason}. Give the path of a file, or one of ${worldNames().join(", ")}`,
      { cause },
    );
  }
}

function parseJson(text: string, origin: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Go2Error("MALFORMED_WORLD", `World file ${origin} is not JSON: ${reason}`, { cause });
  }
}
