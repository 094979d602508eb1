import type { Mutant } from "../mutant.ts";

const READ_TESTS = ["packages/core/src/log/read-run-log.test.ts"];
const SINK_TESTS = ["packages/core/src/log/file-sink.test.ts"];

export const log: readonly Mutant[] = [
  {
    file: "packages/core/src/log/file-sink.ts",
    find: "      if (this.#lost === 1) this.#onLoss(error);",
    replace: "      this.#onLoss(error);",
    wrong: "a full disk floods the terminal with a line for each line that is lost",
    tests: SINK_TESTS,
  },
  {
    file: "packages/core/src/log/file-sink.ts",
    find: "    } catch (error) {\n      this.#lost++;",
    replace: "    } catch (error) {\n      if (this.#size >= 0) throw error;\n      this.#lost++;",
    wrong: "a full disk stops the robot's code at its next line of the log",
    tests: SINK_TESTS,
  },
  {
    file: "packages/core/src/log/rotation.ts",
    find: "for (let rotation = KEEP_ROTATED; rotation > 1; rotation--)",
    replace: "for (let rotation = 2; rotation <= KEEP_ROTATED; rotation++)",
    wrong: "rotating the log overwrites what it should keep",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/log-filter.ts",
    find: "LEVEL_RANK[record.level] < LEVEL_RANK[level]",
    replace: "LEVEL_RANK[record.level] !== LEVEL_RANK[level]",
    wrong: "dimos log --level warn leaves the errors out",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/log-filter.ts",
    find: "record.timeMs < sinceMs",
    replace: "record.timeMs <= sinceMs",
    wrong: "dimos log --since leaves out what was logged at that moment",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/log-filter.ts",
    find: "pattern.test(record.text)",
    replace: 'pattern.test(String(record.fields["msg"]))',
    wrong: "dimos log --grep does not find what stands in the stack of an error",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/read-run-log.ts",
    find: "(a, b) => a.timeMs <= b.timeMs, filter",
    replace: "(a, b) => a.timeMs > b.timeMs, filter",
    wrong: "lines of several processes are shown in the wrong order: a cause after its effect",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/read-run-log.ts",
    find: "    if (found.length === count) break;",
    replace: "    if (found.length > count) break;",
    wrong: "dimos log -n 1 shows two lines",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/read-run-log.ts",
    find: "recordsOf(own.toReversed(), linesBackward)",
    replace: "recordsOf(own, linesBackward)",
    wrong: "the last lines of a log that was rotated are old ones",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/line-files.ts",
    find: "size: endOfLastLine(descriptor, size)",
    replace: "size",
    wrong: "the half of a line that is just written is taken for a line",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/line-files.ts",
    find: "const text = Buffer.concat([readAt(descriptor, start, position - start), rest]);",
    replace: "const text = readAt(descriptor, start, position - start);",
    wrong: "a long line of the log is cut where a block ends",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/follow-run-log.ts",
    find: "if (first === undefined) return read.get(file.inode) ?? 0;",
    replace: "if (first === undefined) return 0;",
    wrong: "dimos log -f shows every line again and again",
    tests: READ_TESTS,
  },
  {
    file: "packages/core/src/log/follow-run-log.ts",
    find: ".filter((record) => passes(record, filter))",
    replace: "",
    wrong: "dimos log -f --level error shows everything that comes",
    tests: ["packages/core/src/log/read-run-log.test.ts"],
  },
  {
    file: "packages/core/src/log/run-log.ts",
    find: "if (LEVEL_RANK[level] >= LEVEL_RANK[options.logLevel]) file.write(line);",
    replace: "if (LEVEL_RANK[level] > LEVEL_RANK[options.logLevel]) file.write(line);",
    wrong: "lines of the level that was asked for are not in the log",
    tests: ["packages/core/src/log/run-log.test.ts"],
  },
];
