/**
 * Tries what can go wrong, as often as the reliability page says, and counts what was lost.
 *
 *     deno task torture [--only NAME,NAME] [--dose 1] [--seed 1] [--json FILE] [--write docs/reliability.md]
 *
 * A dose of 1 is the whole; 0.01 tries everything a hundredth as often. The status is 1 where anything
 * was lost.
 *
 * @module
 */

import { join } from "node:path";
import { parseArgs } from "node:util";
import { FAULTS } from "./faults.ts";
import { intoPage, table, type Tried } from "./table.ts";
import { tryFault } from "./try_fault.ts";

if (import.meta.main) {
  const values = readOptions();
  const [dose, seed] = [Number(values.dose), Number(values.seed)];
  const names = values.only?.split(",");
  const unknown = names?.find((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined || !(dose > 0) || !Number.isSafeInteger(seed)) {
    const all = FAULTS.map(({ name }) => name).join(", ");
    console.error(`error: --only takes ${all}; --dose a number above 0; --seed a whole number`);
    Deno.exit(2);
  }
  const results: Tried[] = [];
  for (const fault of FAULTS.filter(({ name }) => !names || names.includes(name))) {
    let next = 0;
    const progress = (done: number, count: number): void => {
      if (performance.now() < next && done < count) return;
      next = performance.now() + 5000;
      console.error(`${fault.name}: ${done} of ${count}`);
    };
    const tried = await tryFault(fault, { dose, seed, progress });
    results.push(tried);
    for (const what of tried.lost.slice(0, 20)) console.error(`LOST ${fault.name}: ${what}`);
    if (tried.unable) console.error(`${fault.name}: not tried, ${tried.unable}`);
  }
  console.log(table(results));
  if (values.json) {
    // What was tried before stays: faults may be tried one after another, each at the dose there is time for.
    const path = values.json;
    const before: Tried[] = JSON.parse(await Deno.readTextFile(path).catch(() => "[]"));
    const kept = before.filter(({ name }) => !results.some((one) => one.name === name));
    await Deno.writeTextFile(path, `${JSON.stringify([...kept, ...results], null, 2)}\n`);
    if (values.write) await intoPage(join(values.write), [...kept, ...results], FAULTS);
  } else if (values.write) await intoPage(join(values.write), results, FAULTS);
  Deno.exit(results.some(({ lost }) => lost.length > 0) ? 1 : 0);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        only: { type: "string" },
        dose: { type: "string", default: "1" },
        seed: { type: "string", default: "1" },
        json: { type: "string" },
        write: { type: "string" },
      },
    }).values;
  } catch (error) {
    console.error(`error: ${(error as Error).message.split("\n")[0]}`);
    Deno.exit(2);
  }
}
