/** Two's complement, big endian, as short as it goes. */
export function bigintBytes(value: bigint): Buffer {
  // The bits of a negative number are those of its complement, inverted.
  let hex = (value < 0n ? ~value : value).toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (Number.parseInt(hex.charAt(0), 16) >= 8) hex = `00${hex}`;
  const bytes = Buffer.from(hex, "hex");
  if (value < 0n) for (const [i, byte] of bytes.entries()) bytes[i] = ~byte & 0xff;
  return bytes;
}

export function bigintFromBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const negative = (bytes[0] ?? 0) >= 0x80;
  const magnitude = negative ? bytes.map((byte) => ~byte & 0xff) : bytes;
  const value = BigInt(`0x${Buffer.from(magnitude.buffer, magnitude.byteOffset, magnitude.length).toString("hex")}`);
  return negative ? ~value : value;
}
