/**
 * The photo pipeline beside PyTorch's DataLoader with Pillow, on the same files, in turns:
 *
 *     deno run -A bench/data.ts FOLDER [--rounds 3] [--seconds 3] [--python /usr/bin/python3]
 *
 * Prints the best of the rounds for one worker and for two. Without PyTorch (Debian 12: apt-get
 * install python3-torch python3-pil) only this project's rows are printed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchData } from "../src/bench/data.ts";

interface Row {
  cold_images_per_s: number;
  restart_images_per_s?: number;
  warm_images_per_s: number;
  wait_share: number;
}

const { values, positionals: [source] } = parseArgs({
  args: Deno.args,
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "3" },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});

async function peer(workers: number): Promise<Row | undefined> {
  const script = fileURLToPath(new URL("./peers/dataloader.py", import.meta.url));
  const args = [script, source, "--workers", String(workers), "--seconds", values.seconds];
  try {
    const { success, stdout } = await new Deno.Command(values.python, { args, stderr: "null" })
      .output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
  } catch {
    return undefined; // no such Python
  }
}

const rows = new Map<string, Row[]>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const workers of [1, 2]) {
    const ours = await benchData({ source, workers, seconds: Number(values.seconds) });
    const theirs = await peer(workers);
    for (const [name, row] of Object.entries({ facadegan: ours, DataLoader: theirs })) {
      const key = `${name}, ${workers} worker${workers > 1 ? "s" : ""}`;
      if (row) rows.set(key, [...rows.get(key) ?? [], row]);
    }
  }
}

console.log(
  "| | cold, images/s | second start, images/s | warm, images/s | waiting at a batch per 5 ms |",
);
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const [name, all] of rows) {
  const best = (pick: (row: Row) => number | undefined): string => {
    const found = all.map(pick).filter((value) => value !== undefined);
    return found.length ? Math.max(...found).toFixed(0) : "";
  };
  const share = Math.min(...all.map((row) => row.wait_share));
  console.log(
    `| ${name} | ${best((row) => row.cold_images_per_s)} | ${
      best((row) => row.restart_images_per_s)
    } | ` +
      `${best((row) => row.warm_images_per_s)} | ${(100 * share).toFixed(2)}% |`,
  );
}
