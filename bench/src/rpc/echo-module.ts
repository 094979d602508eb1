import { Module, rpc } from "@dimos/core";

export class EchoModule extends Module({ source: import.meta.url }) {
  _a = { _b: { x: 1 } };
  echo = rpc(async (value: unknown) => value);
}
