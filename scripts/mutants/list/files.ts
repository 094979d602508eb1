import type { Mutant } from "../mutant.ts";

const RUNS = "packages/core/src/runs";
const REGISTRY = [`${RUNS}/run-registry.test.ts`];
const DIRECTORIES = [`${RUNS}/ensure-state-directory.test.ts`];
const READING = ["packages/core/src/read-files.test.ts"];
const OUTPUT = ["packages/core/src/log/output-file.test.ts"];

export const files: readonly Mutant[] = [
  {
    file: `${RUNS}/replace-file.ts`,
    find: 'openSync(beside, "wx", 0o600)',
    replace: 'openSync(beside, "wx", 0o644)',
    wrong: "every user of the host reads the tokens in a run's file",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/replace-file.ts`,
    find: "if (!overwrite(path, bytes)) throw error;",
    replace: "throw error;",
    wrong: "a run that ended in order on a full disk is shown as crashed",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/replace-file.ts`,
    find: "const ROOM_BYTES = 2048;",
    replace: "const ROOM_BYTES = 0;",
    wrong: "on a full disk a run's file has no room for how the run has ended",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/run-registry.ts`,
    find: "const KEEP_DAYS = 30;",
    replace: "const KEEP_DAYS = 300;",
    wrong: "old runs fill the disk",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/run-registry.ts`,
    find: "const KEEP_RUNS = 50;",
    replace: "const KEEP_RUNS = 49;",
    wrong: "fewer runs than promised are kept",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/run-registry.ts`,
    find: "const ended = entries.filter((entry) => !isRunAlive(entry));",
    replace: "const ended = entries;",
    wrong: "a run that has been alive for a month loses its file and its log",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/run-registry.ts`,
    find: "if (!inUse.has(sockets) && isSocketDirectory(sockets, process.env))",
    replace: "if (isSocketDirectory(sockets, process.env))",
    wrong: "a run's file takes the sockets of a live run away, which no emergency stop reaches then",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/run-registry.ts`,
    find: "if (!inUse.has(sockets) && isSocketDirectory(sockets, process.env))",
    replace: "if (!inUse.has(sockets))",
    wrong: "a run's file has any directory removed",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/run-registry.ts`,
    find: "if (entry === undefined || name !== `${entry.runId}.json`)",
    replace: "if (entry === undefined)",
    wrong: "a file that names another run has that one's log removed",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/leftovers.ts`,
    find: "now - found.mtimeMs > MIN_AGE_MS",
    replace: "now - found.mtimeMs > 0",
    wrong: "the log of a run that is about to start is removed",
    tests: REGISTRY,
  },
  {
    file: `${RUNS}/run-name.ts`,
    find: "const RUN_NAME = /^[A-Za-z0-9]",
    replace: "const RUN_NAME = /^[-A-Za-z0-9]",
    wrong: "a run called -x cannot be stopped by its name",
    tests: [`${RUNS}/run-name.test.ts`],
  },
  {
    file: `${RUNS}/ensure-state-directory.ts`,
    find: "    chmodSync(directory, 0o700);",
    replace: "",
    wrong: "every user of the host reads the logs",
    tests: DIRECTORIES,
  },
  {
    file: `${RUNS}/ensure-state-directory.ts`,
    find: "if ((mode & 0o1000) !== 0) return false;",
    replace: "",
    wrong: "a state directory below /tmp is warned of at every start",
    tests: DIRECTORIES,
  },
  {
    file: "packages/core/src/directories.ts",
    find: "found.isSymbolicLink() || !found.isDirectory() || found.uid !== ownUid()",
    replace: "false",
    wrong: "another user makes the directory for sockets first, and owns the robot",
    tests: DIRECTORIES,
  },
  {
    file: "packages/core/src/directories.ts",
    find: "if ((found.mode & 0o077) !== 0) chmodSync(base, 0o700);",
    replace: "",
    wrong: "other users reach the sockets of a run",
    tests: DIRECTORIES,
  },
  {
    file: "packages/core/src/read-text-file.ts",
    find: "if (!found.isFile()) throw new Error(`it is ${kindOf(found)}, not a file. Use a file`);",
    replace: "",
    wrong: "a command reads a device without end",
    tests: READING,
  },
  {
    file: "packages/core/src/read-piped-text.ts",
    find: "if (chunk?.length === 0 && (length > 0 || !isFifo))",
    replace: "if (chunk?.length === 0)",
    wrong: "settings that the shell makes with <(...) are read before they are there",
    tests: READING,
  },
  {
    file: "packages/core/src/log/output-file.ts",
    find: "      ftruncateSync(descriptor, 0);",
    replace: "",
    wrong: "what modules print fills the disk",
    tests: OUTPUT,
  },
  {
    file: "packages/core/src/log/output-file.ts",
    find: "const start = size <= 2 * this.#maxBytes ? 0 :",
    replace: "const start = size <= this.#maxBytes ? 0 :",
    wrong: "lines of a program that prints much are lost at every rotation",
    tests: OUTPUT,
  },
  {
    file: "packages/core/src/log/follow-run-log.ts",
    find: "if (file.rotation === 0) return 0;",
    replace: "",
    wrong: "dimos log -f misses what is printed after a rotation",
    tests: OUTPUT,
  },
];
