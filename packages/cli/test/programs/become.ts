import { become } from "../../src/lifecycle/become.ts";

const [how, code = ""] = process.argv.slice(2);
const controller = new AbortController();
process.on("SIGTERM", () => controller.abort(new Error("SIGTERM")));
const program = { file: process.execPath, args: ["-e", code], cwd: "/", env: { ...env(), MARK: "passed on" } };
process.exitCode = await become(program, controller.signal, how === "without" ? undefined : process.execve);

function env(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
