import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
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
    parsed = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    if ((cause as { code?: unknown }).code === "ENOENT") return new Map();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Go2Error("MALFORMED_PLACES", `The places in ${file} cannot be read: ${reason}`, { cause });
  }
  const { success, data, error } = PlacesFile.safeParse(parsed);
  if (!success) throw new Go2Error("MALFORMED_PLACES", `${file} has no places:\n${z.prettifyError(error)}`);
  return new Map(Object.entries(data.places));
}

/** Writes beside the file and renames: a reader never sees half of it. */
export async function writePlaces(file: string, places: readonly (PlanarPose & { name: string })[]): Promise<void> {
  const entries = places.map(({ name, x, y, yaw }) => [name, { x, y, yaw }] as const);
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, `${JSON.stringify({ places: Object.fromEntries(entries) }, null, 2)}\n`);
  await rename(beside, file);
}
