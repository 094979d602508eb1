import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DIMOS } from "./command.ts";

/** The built command in a terminal of its own, which `script` provides; every byte that gets there. */
export class Pty implements Disposable {
  readonly child: ChildProcess;
  #bytes = Buffer.alloc(0);

  constructor(args: readonly string[], cwd: string) {
    const words = [process.execPath, DIMOS, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    const env = { ...process.env, TERM: "xterm", NODE_OPTIONS: "", SHELL: "/bin/sh" };
    this.child = spawn("script", ["-qec", `stty cols 400; ${words.join(" ")}`, "/dev/null"], {
      cwd,
      env,
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
    });
  }

  /** Line ends are as the command wrote them. */
  get text(): string {
    return this.#bytes.toString().replaceAll("\r\n", "\n");
  }

  press(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Waits until this has been written, after so much. */
  async shows(what: string, since = 0): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => this.text.slice(since).includes(what) && resolve();
    const fail = () => reject(new Error(`It ended without "${what}": ${JSON.stringify(this.text)}`));
    this.child.stdout?.on("data", look);
    this.child.once("close", fail);
    look();
    await promise.finally(() => {
      this.child.stdout?.off("data", look);
      this.child.off("close", fail);
    });
  }

  async finished(): Promise<string> {
    if (this.child.exitCode === null) await once(this.child, "close");
    return this.text;
  }

  [Symbol.dispose](): void {
    // Its terminal ends with it, and a terminal that ends takes the command along.
    if (this.child.exitCode === null) this.child.kill();
  }
}
