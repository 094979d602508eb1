import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const PROJECTS = fileURLToPath(new URL("./projects/", import.meta.url));
const TIMEOUT_MS = 120_000;

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A project of somebody who has never seen the workspace: outside of it, installed by npm. */
export class NpmProject {
  readonly directory: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #node: string;

  /** `parent/name`, with the files of `projects/name` if there are any. npm and all programs run on this `node`. */
  constructor(parent: string, name: string, node: string = process.execPath) {
    this.#node = node;
    this.directory = join(parent, name);
    mkdirSync(this.directory, { recursive: true });
    if (existsSync(join(PROJECTS, name))) cpSync(join(PROJECTS, name), this.directory, { recursive: true });
    const manifest = join(this.directory, "package.json");
    if (!existsSync(manifest)) writeFileSync(manifest, JSON.stringify({ name, private: true, type: "module" }));
    this.#env = {
      ...process.env,
      NODE_OPTIONS: "",
      PATH: [dirname(node), process.env.PATH].join(delimiter),
      DIMOS_STATE_DIR: join(this.directory, "state"),
      XDG_RUNTIME_DIR: this.directory,
    };
  }

  async install(...specs: readonly string[]): Promise<void> {
    await this.#run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...specs]);
  }

  /** Path of the archive that `npm pack` makes of it. */
  async pack(): Promise<string> {
    return join(this.directory, (await this.#run("npm", ["pack", "--loglevel=error"])).trim());
  }

  /** Takes one file out of an archive. */
  async extract(archive: string, file: string): Promise<void> {
    await this.#run("tar", ["-xzf", archive, file]);
  }

  /** Folders of all installed packages, direct or not. */
  async packages(): Promise<string[]> {
    const stdout = await this.#run("npm", ["ls", "--all", "--parseable", "--loglevel=error"]);
    return stdout.trim().split("\n").slice(1);
  }

  /** Everything that its runs have logged. */
  logs(): string {
    const files = globSync("state/logs/*/*.jsonl", { cwd: this.directory });
    return files.map((file) => readFileSync(join(this.directory, file), "utf8")).join("");
  }

  has(name: string): boolean {
    return existsSync(join(this.directory, "node_modules", name));
  }

  node(...args: readonly string[]): Promise<string> {
    return this.#run(this.#node, args);
  }

  dimos(...args: readonly string[]): Promise<string> {
    return this.#run(join(this.directory, "node_modules/.bin/dimos"), args);
  }

  /** Runs `dimos` until it says `text` on standard error, then interrupts it as Ctrl-C does. */
  async interruptDimos(args: readonly string[], text: string): Promise<Ended> {
    const child = spawn(join(this.directory, "node_modules/.bin/dimos"), args, {
      cwd: this.directory,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      const isNew = !stderr.includes(text);
      stderr += chunk;
      if (isNew && stderr.includes(text)) child.kill("SIGINT");
    });
    const exitCode = await new Promise<number | null>((resolve, reject) =>
      child.on("close", resolve).on("error", reject),
    );
    clearTimeout(timer);
    return { exitCode, stdout, stderr };
  }

  async #run(command: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run(command, args, { cwd: this.directory, env: this.#env, timeout: TIMEOUT_MS });
    return stdout;
  }
}
