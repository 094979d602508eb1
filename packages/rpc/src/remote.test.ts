import { expectTypeOf, test } from "vitest";
import type { Remote, RemotePath } from "./index.ts";

class Planner {
  _safeGoalClearance = 0.3;
  _goal: { x: number } | null = null;
  _path: readonly { x: number }[] = [];
}
class Robot {
  _planner = new Planner();
  name = "go2";
  move(input: { forward: number }, _options?: { timeoutMs?: number }): Promise<{ moved: number }> {
    return Promise.resolve({ moved: input.forward });
  }
  ping(): string {
    return "pong";
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a program without types
type Untyped = any;

// Never run: the compiler is what is tested.
async function types(robot: Remote<Robot>, anything: Remote<Untyped>) {
  expectTypeOf(robot.move({ forward: 2 })).toEqualTypeOf<Promise<{ moved: number }>>();
  expectTypeOf(robot.ping()).toEqualTypeOf<Promise<string>>();
  expectTypeOf(await robot._planner._safeGoalClearance).toEqualTypeOf<number>();
  expectTypeOf(await robot._planner._goal).toEqualTypeOf<{ x: number } | null>();
  expectTypeOf(await robot._planner._goal.x).toEqualTypeOf<number>();
  expectTypeOf(await robot._planner._path[0]).toEqualTypeOf<{ x: number } | undefined>();
  expectTypeOf(await robot.name).toEqualTypeOf<string>();
  expectTypeOf(robot._planner).toExtend<RemotePath<Planner>>();
  expectTypeOf(await anything.whatever._deep.path(1)).toBeAny();

  // @ts-expect-error the argument is a number
  robot.move({ forward: "2" });
  // @ts-expect-error there is no such method
  robot.fly();
  // @ts-expect-error there is no such property
  robot._planner._safeGoal;
  // @ts-expect-error the other process is not written to
  robot.name = "x";
  // @ts-expect-error nor inside
  robot._planner._safeGoalClearance = 1;
}

test("J3 methods and deep paths are typed", () => {
  expectTypeOf(types).toBeFunction();
});
