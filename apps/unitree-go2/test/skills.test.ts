import { autoconnect } from "@dimos/core";
import { Dimos } from "@dimos/porcelain";
import { expect, test } from "vitest";
import { Patrolling, WavefrontFrontierExplorer } from "../src/index.ts";
import { navigatingRobot } from "./navigating-robot.ts";

async function runRobot(): Promise<Dimos> {
  const app = new Dimos({ consoleLevel: "silent", nWorkers: 0, clock: "simulation" });
  await app.run(autoconnect(navigatingRobot, WavefrontFrontierExplorer.blueprint(), Patrolling.blueprint()));
  return app;
}

test("whatever drives the robot holds its movement, so that nobody drives it beside that (I3)", async () => {
  await using app = await runRobot();
  const modules = app.listModules();
  const driving = modules.flatMap(({ instance, description: { skills } }) =>
    skills.filter(({ uses }) => uses.includes("movement")).map(({ name, endedBy }) => [`${instance}.${name}`, endedBy]),
  );
  expect(Object.fromEntries(driving)).toEqual({
    "UnitreeSkills.relativeMove": undefined,
    "NavigationSkills.navigateTo": undefined,
    "WavefrontFrontierExplorer.beginExploration": "endExploration",
    "Patrolling.startPatrol": "stopPatrol",
  });
  const actuators = modules.filter(({ description }) => description.actuator);
  expect(actuators.map(({ instance }) => instance)).toEqual(["Go2Connection"]);
});

test("an emergency stop refuses every call that moves the robot, until it is reset (I5)", async () => {
  await using app = await runRobot();
  const calls = {
    "Go2Connection.move": () => app.Go2Connection.move(0.5, 0, 0),
    "Go2Connection.standup": () => app.Go2Connection.standup(),
    "Go2Connection.liedown": () => app.Go2Connection.liedown(),
    "ReplanningAStarPlanner.setGoal": () => app.ReplanningAStarPlanner.setGoal({ x: 5, y: 5.2 }),
    "UnitreeSkills.relativeMove": () => app.skills.relativeMove({ forward: 0.5 }),
    "NavigationSkills.navigateTo": () => app.skills.navigateTo({ x: 5, y: 5.2 }),
    "WavefrontFrontierExplorer.beginExploration": () => app.skills.beginExploration(),
    "Patrolling.startPatrol": () => app.skills.startPatrol(),
  };
  await app.estop("test");
  for (const [method, call] of Object.entries(calls))
    await expect(call(), method).rejects.toMatchObject({
      code: "ESTOP",
      message: expect.stringContaining(`${method} is refused`),
    });
  // Stopped again, it is latched no more firmly, and one reset ends it.
  await app.estop("again");
  await app.resetEstop();
  expect((await app.Go2Connection.groundTruth()).travelled).toBe(0);
  expect(await app.Go2Connection.move(0.5, 0, 0)).toBe(true);
});
