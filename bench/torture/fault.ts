/**
 * What a fault is, how it is tried, and what is counted.
 *
 * @module
 */

import { hash4 } from "../../src/random.ts";

/** What a trial may use. */
export interface Trials {
  /** How many there are to be. */
  readonly count: number;
  /** Everything random follows from it. */
  readonly seed: number;
  /** An empty folder that is removed afterwards. */
  readonly folder: string;
  /** Is told of each trial's end: how it ended, in a few words, and what was lost by it if anything was. */
  readonly ended: (how: string, lost?: string) => void;
  /** Keeps a figure worth reading, such as the most memory it took. */
  readonly measured: (what: string) => void;
}

/** One kind of fault. */
export interface Fault {
  /** What `--only` calls it. */
  readonly name: string;
  /** The fault, for the table. */
  readonly fault: string;
  /** What must happen, for the table; whatever else happens counts as lost. */
  readonly happens: string;
  /** The number of trials at dose 1. */
  readonly full: number;
  /** Fewest trials that still hold every kind there is; default 1. */
  readonly least?: number;
  /** Why this machine cannot try it; undefined if it can. */
  readonly unable?: () => Promise<string | undefined>;
  /** Tries it. */
  readonly run: (trials: Trials) => Promise<void>;
}

/** Random whole numbers below a bound, the same for the same seed and trial. */
export function dice(seed: number, trial: number): (below: number) => number {
  let drawn = 0;
  return (below) => hash4(seed, trial, drawn++, 0x70727472)[0] % below;
}

/** A damaged copy: cut short, bits flipped, bytes overwritten, a stretch zeroed, doubled or taken out. */
export function damage(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random(256));
  const kind = random(6);
  if (kind === 0) return bytes.slice(0, random(bytes.length));
  const [from, length] = [random(bytes.length), 1 + random(Math.min(bytes.length, 4096))];
  if (kind === 1) {
    return Uint8Array.from([...bytes.subarray(0, from), ...bytes.subarray(from + length)]);
  }
  const copy = bytes.slice();
  if (kind === 2) copy.fill(0, from, from + length);
  else if (kind === 3) copy.copyWithin(from, random(bytes.length), bytes.length);
  else {
    for (let flips = 1 + random(4); flips > 0; flips--) {
      const at = random(bytes.length);
      if (kind === 4) copy[at] ^= 1 << random(8);
      else copy[at] = random(256);
    }
  }
  return copy;
}

/** A copy of parsed JSON with one value somewhere in it replaced, renamed or taken out. */
export function damageJson(json: unknown, random: (below: number) => number): unknown {
  const copy = structuredClone(json);
  const places: [Record<string, unknown>, string][] = [];
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== "object") return;
    for (const key of Object.keys(value)) {
      places.push([value as Record<string, unknown>, key]);
      visit((value as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const odd = ODD_VALUES[random(ODD_VALUES.length)];
  if (places.length === 0) return structuredClone(odd);
  const [parent, key] = places[random(places.length)];
  const kind = random(4);
  if (kind === 0) delete parent[key];
  else if (kind === 1) parent[`${key}\u0007`] = structuredClone(odd);
  else parent[key] = structuredClone(odd);
  return copy;
}

const ODD_VALUES: readonly unknown[] = [
  null,
  0,
  -1,
  59.5,
  1e308,
  2 ** 53,
  "",
  "abc",
  "\x1b]0;x\x07\nerror: forged",
  "x".repeat(10_000),
  true,
  [],
  {},
  [null],
  [[]],
  { x: null },
  { length: 3 },
];
