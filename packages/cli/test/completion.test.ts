import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DIMOS, dimos, PROJECT } from "./command.ts";
import { daemon, type StartedDaemon, stopAll } from "./daemons.ts";

// Each test starts many processes; a loaded machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

let run: StartedDaemon;
/** A folder on the PATH in which `dimos` is the built command. */
let bin: string;

beforeAll(async () => {
  run = await daemon("robot");
  bin = mkdtempSync(join(tmpdir(), "dimos-bin-"));
  symlinkSync(DIMOS, join(bin, "dimos"));
});

afterAll(async () => {
  rmSync(bin, { recursive: true });
  await stopAll();
});

/** What the last word may become. */
const CHOICES: readonly (readonly [words: readonly string[], choices: () => readonly string[]])[] = [
  [["st"], () => ["status", "stop"]],
  [["topic", ""], () => ["echo", "hz", "list", "pub"]],
  [["run", "good", "--d"], () => ["--daemon", "--debug-calls", "--disable"]],
  [["run", "goo"], () => ["good"]],
  [["--debug-calls", "run", "goo"], () => ["good"]],
  [["stop", ""], () => [run.run, "robot"]],
  [["restart", "rob"], () => ["robot"]],
  [["skill", "call", "m"], () => ["move"]],
  [["call", "Robot.a"], () => ["Robot.add"]],
  [["module", "describe", ""], () => ["Robot"]],
  [["topic", "pub", "/g"], () => ["/goal"]],
  [["topic", "echo", "Robot."], () => ["Robot.goal", "Robot.tick"]],
  [["completion", ""], () => ["bash", "fish", "zsh"]],
  [["skill", "call", "--run", "robot", "--json", "m"], () => ["move"]],
  [["log", "robot", "--module", ""], () => ["Robot"]],
  [["log", "--level", "w"], () => ["warn"]],
  [["graph", "good", "--format", "m"], () => ["mermaid"]],
  [["skill", "list", "--run", "rob"], () => ["robot"]],
  [["estop", "rob"], () => ["robot"]],
  [["run", "./modu"], () => ["./modules.ts"]],
  [["run", "good", "--config", "modu"], () => ["modules.ts"]],
];

function shell(name: string, args: readonly string[], script: string) {
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, TERM: "dumb" };
  const ran = spawnSync(name, [...args, script], { cwd: PROJECT, encoding: "utf8", env });
  expect(ran.stderr).toBe("");
  return ran.stdout.split("\n").filter((line) => line !== "");
}

function isInstalled(name: string): boolean {
  return spawnSync(name, ["--version"]).status === 0;
}

describe("completion", () => {
  it.each(CHOICES)("of %j in bash, with its own script", (words, choices) => {
    const line = ["dimos", ...words];
    const found = shell(
      "bash",
      ["--norc", "-c"],
      `source <(dimos completion bash); COMP_WORDS=(${line.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
       _dimos; printf '%s\\n' "\${COMPREPLY[@]}"
       [[ -n "\${COMPREPLY[*]}" ]] || { [[ $(complete -p dimos) == *'-o default'* ]] && compgen -f -- '${words.at(-1)}'; }`,
    );
    expect(found).toEqual(choices());
  });

  it.runIf(isInstalled("fish")).each(CHOICES)("of %j in fish, with its own script", (words, choices) => {
    const line = ["dimos", ...words].join(" ");
    const found = shell("fish", ["--no-config", "-c"], `dimos completion fish | source; complete -C '${line}'`);
    expect(found.toSorted()).toEqual([...choices()].sort());
  });

  it.runIf(isInstalled("zsh"))("in zsh, with its own script, in a terminal", () => {
    // What Tab offers is only seen in an interactive shell: zpty is one inside of another.
    const script = `
      zmodload zsh/zpty
      zpty -b inner zsh -f -i
      ask() { zpty -w inner "$1"; sleep 0.2 }
      ask "PS1='' ; autoload -Uz compinit && compinit -u -D; zstyle ':completion:*' list-colors ''; setopt no_list_beep; LISTMAX=0"
      ask "source <(dimos completion zsh)"
      ask "echo re'ady'"
      until zpty -r -t inner line && [[ "$line" == *ready* ]] || (( ++tries > 100 )); do sleep 0.05; done
      zpty -w -n inner $'dimos skill call m\\t'
      tries=0; found=''
      until [[ "$found" == *'skill call move'* ]] || (( ++tries > 200 )); do
        zpty -r -t inner part && found+=$part; sleep 0.05
      done
      [[ "$found" == *'skill call move'* ]] && echo completed
      zpty -d inner`;
    expect(shell("zsh", ["-f", "-c"], script)).toContain("completed");
  });

  it("knows nothing of what is not there, and no other shell", async () => {
    const words = async (...args: string[]) => (await dimos("complete", "--", ...args)).stdout;
    expect(await words("skill", "call", "nothing-begins-so")).toBe("");
    expect(await dimos("completion", "tcsh")).toMatchObject({ exitCode: 2 });
    await stopAll();
    expect(await words("skill", "call", "")).toBe("");
  });
});
