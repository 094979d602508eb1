import { expect, it } from "vitest";
import { workerExecArgv } from "./exec-argv.ts";

it("keeps loaders, conditions and env files, and drops what means the parent's own program or debugger", () => {
  const given = [
    "--import",
    "tsx",
    "--conditions=@dimos/source",
    "--env-file=.env",
    "--inspect-brk=0",
    "--watch",
    "--test",
    "-e",
    "code()",
    "--eval=code()",
  ];
  expect(workerExecArgv(given)).toEqual(["--import", "tsx", "--conditions=@dimos/source", "--env-file=.env"]);
});
