/** One figure of a table. */
export interface Column {
  /** Key in the figures of a contender. */
  readonly figure: string;
  /** With the unit. */
  readonly title: string;
  readonly digits: number;
  /** Quartiles and the ratio to the peer are shown as well. */
  readonly isCompared: boolean;
}

export function compared(figure: string, title: string, digits = 1): Column {
  return { figure, title, digits, isCompared: true };
}

export function shown(figure: string, title: string, digits = 0): Column {
  return { figure, title, digits, isCompared: false };
}
