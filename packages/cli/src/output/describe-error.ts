/** An error for people: its sentence, then the causes that say more. Stacks are in the run's log. */
export function describeError(error: unknown): string {
  const lines = [`Error: ${messageOf(error)}`];
  let shown = messageOf(error);
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    const message = messageOf(cause);
    if (!shown.includes(message)) lines.push(`  because: ${message}`);
    shown += message;
  }
  return lines.join("\n");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
