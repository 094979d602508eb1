import { Module } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";

/** Tries what a module must not: a system inside a worker. */
export class Nested extends Module({ source: import.meta.url }) {
  app = new Dimos();
}
