import { Module } from "@dimos/core";
import { Twist } from "@dimos/msgs";

export class Base extends Module({ source: import.meta.url, inputs: { cmdVel: Twist } }) {}

export const halfTurn: Twist = {
  linear: { x: 0.5, y: 0, z: 0 },
  angular: { x: 0, y: 0, z: Math.PI },
};
