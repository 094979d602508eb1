import { writeSync } from "node:fs";
import { Module, rpc } from "@dimos/core";

const MIB = 2 ** 20;
const STDOUT = 1;

/** Prints as modules and the libraries below them do. */
export class Printer extends Module({ source: import.meta.url }) {
  /** Lines of 64 bytes, numbered. */
  print = rpc(async (mib: number) => {
    const lines = (mib * MIB) / 64;
    const block: string[] = [];
    for (let line = 0; line < lines; line++) {
      block.push(`${String(line).padStart(63, ".")}\n`);
      if (block.length === 16_384) process.stdout.write(block.splice(0).join(""));
    }
    process.stdout.write(block.join(""));
    return lines;
  });

  say = rpc(async (text: string) => process.stdout.write(`${text}\n`));

  /** Past Node, and then its process is gone without a word of Node's. */
  die = rpc(async (lastWords: string) => {
    writeSync(STDOUT, `${lastWords}\n`);
    process.kill(process.pid, "SIGSEGV");
  });
}

export const printer = Printer.blueprint();
