import assert from "node:assert/strict";
import { countShapes, drawShapes } from "../src/cli/actions/aspect_chart.ts";

Deno.test("countShapes() sorts sizes by width over height, drawShapes() draws from the first to the last", () => {
  const shapes = countShapes({ "640x480": 80, "480x640": 40, "100x100": 1, "512x512": 1 });
  assert.deepEqual(Object.values(shapes), [0, 0, 40, 2, 80, 0, 0]);
  assert.deepEqual(drawShapes(shapes), [
    `  2:3 to 9:10     ${"█".repeat(20)} 40`,
    "  about square    █ 2",
    `  10:9 to 3:2     ${"█".repeat(40)} 80`,
  ]);
  assert.deepEqual(Object.values(countShapes({ "10x30": 1, "30x10": 2 })), [1, 0, 0, 0, 0, 0, 2]);
  assert.deepEqual(drawShapes(countShapes({})), []);
});
