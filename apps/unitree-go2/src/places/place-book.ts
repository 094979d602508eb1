import { didYouMean } from "@dimos/core";
import { Go2Error } from "../errors.ts";
import type { PlanarPose } from "../planar-pose.ts";
import { readPlaces, writePlaces } from "./places-file.ts";

export interface Place extends PlanarPose {
  readonly name: string;
  /** `world`: the file of the simulated world has it; `tagged`: somebody named it. */
  readonly origin: "world" | "tagged";
}

/** Poses with names. Capitals and spaces around a name do not count; what was tagged hides what the world calls the same. */
export class PlaceBook {
  readonly #file: string | undefined;
  readonly #places = new Map<string, Place>();

  /** @param file where tagged places are kept; undefined for as long as the book lives */
  constructor(file?: string) {
    this.#file = file;
  }

  /** Takes in what the file has, if there is one. Throws `Go2Error` for a file that is none of places. */
  async load(): Promise<void> {
    if (this.#file === undefined) return;
    for (const [name, pose] of await readPlaces(this.#file)) this.#set(name, pose, "tagged");
  }

  /** Offers the places of a world, where nothing of that name has been tagged. */
  offer(places: Iterable<readonly [name: string, pose: PlanarPose]>): void {
    for (const [name, pose] of places) if (!this.#places.has(keyOf(name))) this.#set(name, pose, "world");
  }

  /** Names a pose. Resolves to whether the name was another place's, when the file has it. */
  async tag(name: string, pose: PlanarPose): Promise<boolean> {
    const hadAnother = this.#places.get(keyOf(name))?.origin === "tagged";
    this.#set(name, pose, "tagged");
    if (this.#file !== undefined) {
      const tagged = this.list().filter(({ origin }) => origin === "tagged");
      await writePlaces(this.#file, tagged);
    }
    return hadAnother;
  }

  /** Sorted by name. */
  list(): Place[] {
    return [...this.#places.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Throws `Go2Error` with suggestions for a name that is unknown. */
  find(name: string): Place {
    const place = this.#places.get(keyOf(name));
    if (place !== undefined) return place;
    const names = this.list().map((known) => known.name);
    throw new Go2Error(
      "UNKNOWN_PLACE",
      names.length === 0
        ? `No place "${name}" is known, nor any other: tagLocation names where the robot stands.`
        : `No place "${name}" is known.${didYouMean(name, names)} Known places: ${names.join(", ")}.`,
    );
  }

  #set(name: string, { x, y, yaw }: PlanarPose, origin: Place["origin"]): void {
    this.#places.set(keyOf(name), { name: name.trim(), x, y, yaw, origin });
  }
}

function keyOf(name: string): string {
  return name.trim().toLowerCase();
}
