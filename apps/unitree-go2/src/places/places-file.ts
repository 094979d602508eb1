import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FileError, fileFault, readTextFile } from "@dimos/core";
import { z } from "zod";
import { Go2Error } from "../errors.ts";
import type { PlanarPose } from "../planar-pose.ts";

const PlacesFile = z.strictObject({
  /** Metres and radians in the frame of the odometry. */
  places: z.record(z.string().min(1), z.strictObject({ x: z.number(), y: z.number(), yaw: z.number() })),
});

/** The places of a file, none when there is no such file. Throws `Go2Error` when it is not one of places. */
export async function readPlaces(file: string): Promise<Map<string, PlanarPose>> {
  let parsed: unknown;
  try {
    if (!existsSync(file)) return new Map();
    parsed = JSON.parse(readTextFile(file, { what: "The places in" }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const sentence = cause instanceof FileError ? reason : `The places in ${file} cannot be read: ${reason}`;
    throw new Go2Error("MALFORMED_PLACES", sentence, { cause });
  }
  const { success, data, error } = PlacesFile.safeParse(parsed);
  if (!success) throw new Go2Error("MALFORMED_PLACES", `${file} has no places:\n${z.prettifyError(error)}`);
  return new Map(Object.entries(data.places));
}

/** Writes beside the file and renames: a reader never sees half of it. Throws `Go2Error` when that cannot be. */
export async function writePlaces(file: string, places: readonly (PlanarPose & { name: string })[]): Promise<void> {
  const entries = places.map(({ name, x, y, yaw }) => [name, { x, y, yaw }] as const);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(beside, `${JSON.stringify({ places: Object.fromEntries(entries) }, null, 2)}\n`);
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    const reason = `The places cannot be kept in ${file}: ${fileFault(cause)}. They are known until the run ends`;
    throw new Go2Error("PLACES_NOT_KEPT", reason, { cause });
  }
}
