import { execFile } from "node:child_process";
import { delimiter, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
/** Their tests start the command and programs as users have them: built. All other tests run on the sources. */
const RUNS_WHAT_IS_BUILT = /^(?:packages\/cli|apps\/[^/]+)\/test\/|^bench\//;

/** Builds before the first test, and again when a watch sees a change: nothing tests what was built from other sources. */
export default async function setup(project: TestProject): Promise<void> {
  // turbo builds what `turbo run test` needs, and this is one of its tasks.
  if (process.env.TURBO_HASH !== undefined) return;
  await build(project, project.vitest.state.getPaths());
  project.onTestsRerun((specifications) =>
    build(
      project,
      specifications.map(({ moduleId }) => moduleId),
    ),
  );
}

async function build(project: TestProject, tests: readonly string[]): Promise<void> {
  if (!tests.some((file) => RUNS_WHAT_IS_BUILT.test(relative(ROOT, file).replaceAll(sep, "/")))) return;
  const bin = join(ROOT, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: "1" };
  const args = ["run", "build", "--output-logs=errors-only", `--filter=./${relative(ROOT, project.config.root)}`];
  try {
    await promisify(execFile)(join(bin, "turbo"), args, { cwd: ROOT, env });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`These tests start what is built, and the build failed:\n${stdout ?? error}\n${stderr ?? ""}`);
  }
}
