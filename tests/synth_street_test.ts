import assert from "node:assert/strict";
import { drawFacade } from "../src/synth/facade.ts";

const SIZE = 192;

/** Runs of dark pixels along a row of the picture: the panes it crosses. */
function panes(image: { readonly data: Uint8Array }, y: number): number {
  let runs = 0;
  let before = false;
  for (let x = 0; x < SIZE; x++) {
    const at = 3 * (y * SIZE + x);
    const dark = image.data[at] < 80 && image.data[at + 1] < 95;
    if (dark && !before) runs++;
    before = dark;
  }
  return runs;
}

Deno.test("every house of the street has three to five bays in three to four storeys, sky and pavement", () => {
  const seen = new Set<string>();
  for (let index = 0; index < 100; index++) {
    const image = drawFacade(1, index, SIZE, SIZE);
    const rows = Array.from({ length: SIZE }, (_, y) => panes(image, y));
    // The wall's rows, in runs: one run with panes for each storey.
    const wall = rows.slice(Math.round(0.2 * SIZE), Math.round(0.93 * SIZE));
    const storeys = wall.filter((count, i) => count > 0 && !(wall[i - 1] > 0)).length;
    const bays = Math.max(...wall);
    assert.ok(bays >= 3 && bays <= 5, `house ${index} has ${bays} bays`);
    assert.ok(storeys >= 3 && storeys <= 4, `house ${index} has ${storeys} storeys`);
    seen.add(`${bays}x${storeys}`);
    const [red, , blue] = image.data;
    assert.ok(blue > red + 40, `house ${index} has no sky`);
    assert.deepEqual([...image.data.subarray(-3)], [132, 122, 104], `house ${index}: pavement`);
  }
  assert.equal(seen.size, 6, "not every layout was drawn");
});

Deno.test("a facade is a function of seed, index, size and style, and the styles differ", () => {
  const draw = (seed: number, index: number, style?: "street" | "varied") =>
    drawFacade(seed, index, 64, 48, style);
  assert.deepEqual(draw(1, 2), draw(1, 2, "street"));
  assert.deepEqual(draw(1, 2, "varied"), draw(1, 2, "varied"));
  assert.notDeepEqual(draw(1, 2), draw(1, 2, "varied"));
  assert.notDeepEqual(draw(1, 2), draw(2, 2));
});
