/** What the parser understood; distances in metres, angles in degrees counter-clockwise, times in seconds. */
export type Action =
  | { readonly kind: "move"; readonly forward: number; readonly left: number }
  | { readonly kind: "turn"; readonly degrees: number }
  | { readonly kind: "goTo"; readonly x: number; readonly y: number }
  | { readonly kind: "goToPlace"; readonly place: string }
  | { readonly kind: "tagPlace"; readonly place: string }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "skill"; readonly skill: string }
  | { readonly kind: "stop" }
  | { readonly kind: "estop" }
  | { readonly kind: "resetEstop" }
  /** To where it came from, which nobody told it. */
  | { readonly kind: "return" }
  | { readonly kind: "help" };

/** One of several things that a message asks for. */
export interface Command {
  readonly action: Action;
  /** Its words, normalized. */
  readonly words: string;
  /** Which robot, when it was said: a namespace. */
  readonly robot?: string;
}
