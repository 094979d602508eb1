import { Module, skill } from "@dimos/core";
import { z } from "zod";

export class Greeter extends Module({ source: import.meta.url }) {
  greet = skill(
    { description: "Greet somebody.", input: z.object({ name: z.string().default("world") }) },
    ({ name }) => `Hello ${name}`,
  );
}

export const bot = Greeter.blueprint();
