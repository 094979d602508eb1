import { expect, it } from "vitest";
import { Motor } from "../../test/moving.ts";
import { INTERNALS } from "../module/module-core.ts";
import { SimulationClock } from "../simulation-clock.ts";
import { monotonicMs } from "../stream/delivery.ts";
import type { In } from "../stream/in.ts";
import { HostedModule } from "./hosted-module.ts";
import type { DeployModule } from "./messages.ts";
import { WorkerSafety } from "./worker-safety.ts";

const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };

it("An actuator that takes the place of another one drives no command that was meant for that (I5)", async () => {
  const leases = { acquire: () => Promise.resolve(), release() {} };
  const beforeMs = monotonicMs();
  const hosted = await HostedModule.construct(Motor, { instance: "Motor", namespace: "", config: {} } as DeployModule, {
    log,
    clock: new SimulationClock(),
    clockBaseMs: 0,
    run: { forModule: () => ({}) } as never,
    settings: {} as never,
    validate: false,
    safety: new WorkerSafety({ leases, log, rewire() {}, report() {} }),
  });
  const port = hosted.instance[INTERNALS].ports.get("push") as In<unknown>;
  const driven: unknown[] = [];
  port.subscribe((command) => driven.push(command));
  port.push({ by: 1 }, beforeMs - 1);
  port.push({ by: 2 }, monotonicMs());
  expect(driven).toEqual([{ by: 2 }]);
  await hosted.stop();
});
