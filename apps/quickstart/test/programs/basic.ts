import { Dimos } from "@dimos/porcelain";

// Runs the robot without its skills, and asks for them.
await using app = new Dimos({ nWorkers: 1, consoleLevel: "silent" });
await app.run("unitree-go2-basic");
try {
  console.log(app.UnitreeSkills);
} catch (error) {
  console.log((error as Error).message);
}
