import { Module, message, rpc, skill } from "@dimos/core";
import { z } from "zod";

const Battery = message("hello/Battery", z.object({ percent: z.number() }));

export class Robot extends Module({ source: import.meta.url, outputs: { battery: Battery } }) {
  percent = 100;

  greet = skill(
    { description: "Greet somebody.", input: z.object({ name: z.string().default("world") }) },
    ({ name }) => {
      this.percent -= 1;
      this.battery.publish({ percent: this.percent });
      return `Hello ${name}, this is process ${process.pid}`;
    },
  );
}

export class Monitor extends Module({ source: import.meta.url, inputs: { battery: Battery } }) {
  level = rpc(async () => {
    const battery = this.battery.latest() ?? (await this.battery.next({ timeoutMs: 1000 }));
    return battery.percent;
  });
}
