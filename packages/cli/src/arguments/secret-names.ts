import { MASK } from "@dimos/core";

const SECRET = /(token|secret|password|passphrase|api-?key|credential)/i;

/** What a name says, where no schema is known: `apiKey`, `--mcp-token`. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/** Masks every member whose name says that it is a secret. */
export function maskNamed(value: unknown): unknown {
  return maskMembers(value, (item) => item !== null);
}

/** The same of what runs, where a number of that name counts something (`tokens: 12`): only texts are masked. */
export function maskNamedTexts(value: unknown): unknown {
  return maskMembers(value, (item) => typeof item === "string" && item !== "");
}

function maskMembers(value: unknown, isMasked: (item: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => maskMembers(item, isMasked));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecretName(key) && isMasked(item) ? MASK : maskMembers(item, isMasked),
    ]),
  );
}

/** Of a map, a typed array or an error, the printer knows more. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
