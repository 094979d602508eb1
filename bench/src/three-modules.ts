import { autoconnect, Module } from "@dimos/core";

export class Camera extends Module({ source: import.meta.url }) {}

export class Planner extends Module({ source: import.meta.url }) {}

export class Legs extends Module({ source: import.meta.url }) {}

export const robot = autoconnect(Camera.blueprint(), Planner.blueprint(), Legs.blueprint());
