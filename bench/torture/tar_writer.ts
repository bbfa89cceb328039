/**
 * Tar files as tar writes them, for damaging.
 *
 * @module
 */

/** The bytes of a tar of these files; names longer than a header holds go into pax records. */
export function tar(files: readonly (readonly [string, Uint8Array])[]): Uint8Array<ArrayBuffer> {
  const blocks = files.flatMap(([name, body]) => {
    if (name.length <= 100) return [member(name, body, "0")];
    const record = ` path=${name}\n`;
    let length = record.length;
    while (`${length}${record}`.length !== length) length++;
    const pax = new TextEncoder().encode(`${length}${record}`);
    return [member("pax", pax, "x"), member(name.slice(0, 100), body, "0")];
  });
  const out = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 1024));
  let at = 0;
  for (const block of blocks) {
    out.set(block, at);
    at += block.length;
  }
  return out;
}

function member(name: string, body: Uint8Array, type: string): Uint8Array {
  const block = new Uint8Array(512 * (1 + Math.ceil(body.length / 512)));
  const put = (at: number, text: string): void => block.set(new TextEncoder().encode(text), at);
  put(0, name);
  put(124, body.length.toString(8).padStart(11, "0"));
  put(156, type);
  put(257, "ustar\x0000");
  put(148, "        ");
  put(148, `${block.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0")}\0 `);
  block.set(body, 512);
  return block;
}
