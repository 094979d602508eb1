export interface Mutant {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly wrong: string;
  readonly tests: readonly string[];
}
