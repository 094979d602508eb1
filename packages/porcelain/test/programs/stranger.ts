import { Dimos } from "@dimos/porcelain";

// Knows nothing of the robot's packages: names, signatures and schemas come from the run.
await using app = await Dimos.connect();
console.log(
  app
    .listRpcs("StressTest")
    .map(({ signature }) => signature)
    .join(" "),
);
console.log(await app.skills.echo({ message: "by name" }), await app.StressTest.add(2, 3));
