/**
 * Times a training step of ours beside the same step in other programs: all in one run, in turns,
 * each turn in a process of its own, so that a machine that slows down slows everyone.
 *
 * @module
 */

import { join } from "node:path";
import { UserError } from "../errors.ts";
import { median } from "./step_times.ts";

/** A program that trains the same networks and prints one line of JSON. */
interface Contender {
  /** The program and its arguments, up to the sizes. */
  readonly command: readonly string[];
  /** Timed steps in a turn, after the warm-up. */
  readonly steps: number;
}

/** Every peer: its package, for PyTorch with the device and the kind of arithmetic. */
export const PEER_NAMES = [
  "tfjs",
  "jax-js",
  "torch-cpu",
  "torch-cpu-threads",
  "torch-cuda",
  "torch-cuda-tf32",
  "torch-cuda-channels-last",
  "torch-cuda-compile",
] as const;

/** One of {@linkcode PEER_NAMES}. */
export type PeerName = typeof PEER_NAMES[number];

/** The folder of the peers' programs: in a checkout, seen from where its tasks start. */
const PROGRAMS = "bench/peers";

function contenders(programs: string): Record<PeerName | "facadegan", Contender> {
  const here = (file: string) => join(programs, file);
  const deno = [Deno.execPath(), "run", "-A"];
  // The peers' packages stay out of the project's lock file: nothing else needs them.
  const peer = [...deno, "--no-lock"];
  // Debian's PyTorch belongs to Debian's Python, which need not be the first in the PATH.
  const python = Deno.env.get("FACADEGAN_PYTHON") ?? "/usr/bin/python3";
  const torch = [python, here("torch_dcgan.py"), "time"];
  // Reading back at every step would make a fast GPU wait for Python.
  const cuda = [...torch, "--device", "cuda", "--read-every", "10", "--warmup", "4"];
  return {
    "facadegan": {
      command: [
        ...deno,
        new URL("../cli/main.ts", import.meta.url).href,
        "bench",
        "step",
        "--json",
      ],
      // Short steps in groups with one read-back, as `train` does.
      steps: 20,
    },
    "tfjs": { command: [...peer, here("tfjs_dcgan.ts")], steps: 1 },
    "jax-js": { command: [...peer, here("jaxjs_dcgan.ts")], steps: 1 },
    "torch-cpu": { command: torch, steps: 5 },
    // By its own choice PyTorch leaves hyper-threads idle, which is not always the faster way.
    "torch-cpu-threads": {
      command: [...torch, "--threads", `${navigator.hardwareConcurrency}`],
      steps: 5,
    },
    "torch-cuda": { command: [...cuda, "--no-tf32"], steps: 20 },
    "torch-cuda-channels-last": { command: [...cuda, "--channels-last"], steps: 20 },
    "torch-cuda-tf32": { command: cuda, steps: 20 },
    "torch-cuda-compile": { command: [...cuda, "--no-tf32", "--compile"], steps: 10 },
  };
}

/** A batch and a width. */
export interface PeerSize {
  /** Pictures in a batch. */
  readonly batch: number;
  /** Channels of the first hidden layer. */
  readonly width: number;
}

/** The demo's size, and two at which products take most of a step. */
export const PEER_SIZES: readonly PeerSize[] = [
  { batch: 8, width: 16 },
  { batch: 16, width: 32 },
  { batch: 16, width: 64 },
];

/** What to time, and beside whom. */
export interface PeerRunOptions {
  /** The sizes, each timed in every turn; default {@linkcode PEER_SIZES}. */
  readonly sizes?: readonly PeerSize[];
  /** Turns; default 5. */
  readonly rounds?: number;
  /** Who takes part; default everyone. */
  readonly peers?: readonly PeerName[];
  /** The folder of the peers' programs; default `bench/peers`. */
  readonly programs?: string;
  /** Takes lines for people: progress and the table. */
  readonly log?: (line: string) => void;
}

/** A contender's figures over all turns. */
export interface PeerResult {
  /** `facadegan` or a peer's name. */
  readonly peer: string;
  /** Milliseconds a step, one median per turn. */
  readonly ms: readonly number[];
  /** The median of those. */
  readonly median_ms: number;
  /** The fastest step of all turns. */
  readonly best_ms: number;
  /** Median over the turns of (its time / ours): how many times faster we are. */
  readonly ratio: number;
}

/** What a run found at a size. */
export interface PeerReport extends PeerSize {
  /** Turns taken. */
  readonly rounds: number;
  /** The adapter of our step. */
  readonly adapter: string;
  /** Ours first, then the peers that ran. */
  readonly results: readonly PeerResult[];
  /** The peers that did not run, and why. */
  readonly skipped: readonly { readonly peer: string; readonly reason: string }[];
}

/** The part of a contender's JSON that counts. */
interface Turn {
  readonly median_ms: number;
  readonly best_ms: number;
  readonly adapter?: string; // ours alone says
}

/**
 * Times our step and the peers' in turns, at every size in each turn. PyTorch is that of /usr/bin/python3,
 * or of the program that FACADEGAN_PYTHON names.
 *
 * A peer that fails (not installed, no device) is reported as skipped.
 *
 * @returns A report for each size.
 * @throws {UserError} If a size is no positive whole number, a peer is unknown, their
 * programs are not there, or our own step fails.
 */
export async function runPeers(options: PeerRunOptions = {}): Promise<PeerReport[]> {
  const { sizes = PEER_SIZES, rounds = 5, peers = PEER_NAMES, log = () => {} } = options;
  const { programs = PROGRAMS } = options;
  for (const size of sizes) {
    for (const [name, value] of Object.entries({ ...size, rounds })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new UserError(`${name} must be a whole number from 1, got ${value}`);
      }
    }
  }
  const unknown = peers.find((peer) => !PEER_NAMES.includes(peer));
  if (unknown) {
    throw new UserError(`there is no peer ${unknown}; choose from ${PEER_NAMES.join(", ")}`);
  }
  if (!await Deno.stat(programs).then(({ isDirectory }) => isDirectory, () => false)) {
    throw new UserError(
      `${programs} is not there: the peers' programs are in the project's repository, run it there`,
    );
  }
  const timings = sizes.map((size) => new SizeTimings(size, peers, programs));
  for (let round = 0; round < rounds; round++) {
    for (const timing of timings) {
      await timing.takeTurns((line) => log(`round ${round + 1}/${rounds}  ${line}`));
    }
  }
  const reports = timings.map((timing) => timing.report(rounds));
  for (const report of reports) {
    for (const line of formatReport(report)) log(line);
  }
  return reports;
}

/** One turn of one peer: its figures, or in words why there are none. */
export function timePeer(
  peer: PeerName,
  size: PeerSize,
): Promise<{ readonly median_ms: number; readonly best_ms: number } | string> {
  return takeTurn(contenders(PROGRAMS)[peer], size);
}

/** The turns taken at a size. */
class SizeTimings {
  readonly #size: PeerSize;
  readonly #ours: Turn[] = [];
  readonly #theirs: Map<PeerName, Turn[]>;
  readonly #skipped: { peer: string; reason: string }[] = [];
  readonly #programs: string;

  constructor(size: PeerSize, peers: readonly PeerName[], programs: string) {
    this.#programs = programs;
    this.#size = size;
    this.#theirs = new Map(peers.map((peer) => [peer, []]));
  }

  /** Lets everyone take a turn, us first. */
  async takeTurns(log: (line: string) => void): Promise<void> {
    const { facadegan, ...others } = contenders(this.#programs);
    const { batch, width } = this.#size;
    const said = (peer: string, text: string) =>
      log(`batch ${batch}, width ${width}  ${peer} ${text}`);
    const turn = await takeTurn(facadegan, this.#size);
    if (typeof turn === "string") throw new UserError(`our own bench step failed: ${turn}`);
    this.#ours.push(turn);
    said("facadegan", `${turn.median_ms.toFixed(1)} ms a step`);
    for (const [peer, turns] of this.#theirs) {
      const turn = await takeTurn(others[peer], this.#size);
      if (typeof turn === "string") {
        this.#theirs.delete(peer);
        this.#skipped.push({ peer, reason: turn });
        said(peer, `skipped: ${turn}`);
        continue;
      }
      turns.push(turn);
      said(peer, `${turn.median_ms.toFixed(1)} ms a step`);
    }
  }

  /** What came of them. */
  report(rounds: number): PeerReport {
    return {
      ...this.#size,
      rounds,
      adapter: this.#ours[0].adapter ?? "",
      results: [
        summarise("facadegan", this.#ours, this.#ours),
        ...[...this.#theirs].map(([peer, turns]) => summarise(peer, turns, this.#ours)),
      ],
      skipped: this.#skipped,
    };
  }
}

/** Runs a contender once; gives its figures, or in words why there are none. */
async function takeTurn(
  { command: [program, ...args], steps }: Contender,
  { batch, width }: PeerSize,
): Promise<Turn | string> {
  // A short step's turn is as long as a long one's.
  const times = Math.max(1, Math.round(steps * 64 / width));
  const sizes = ["--batch", batch, "--width", width, "--steps", times].map(String);
  const process = new Deno.Command(program, {
    args: [...args, ...sizes],
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
  let output: Deno.CommandOutput;
  try {
    output = await process.output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `${program} is not installed`;
    throw error;
  }
  const lines = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd().split("\n");
  if (output.success) return JSON.parse(lines(output.stdout).at(-1)!);
  const said = lines(output.stderr);
  const reason = said.find((line) => line.startsWith("error:")) ?? said.at(-1)!;
  return reason.trim() || `it ended with status ${output.code}`;
}

/** A contender's figures, each turn held against ours of the same round. */
export function summarise(
  peer: string,
  turns: readonly { readonly median_ms: number; readonly best_ms: number }[],
  ours: readonly { readonly median_ms: number }[],
): PeerResult {
  const ms = turns.map(({ median_ms }) => median_ms);
  return {
    peer,
    ms,
    median_ms: median(ms),
    best_ms: Math.min(...turns.map(({ best_ms }) => best_ms)),
    ratio: median(ms.map((value, round) => value / ours[round].median_ms)),
  };
}

/** The report as a table for people, one line each. */
export function formatReport(
  { batch, width, rounds, adapter, results, skipped }: PeerReport,
): string[] {
  const row = (cells: string[]) =>
    cells.map((cell, i) => i ? cell.padStart(12) : cell.padEnd(20)).join("");
  return [
    `batch ${batch}, width ${width}, median of ${rounds} rounds in turns, ${adapter}`,
    row(["", "median ms", "best ms", "times ours"]),
    ...results.map(({ peer, median_ms, best_ms, ratio }) =>
      row([peer, median_ms.toFixed(1), best_ms.toFixed(1), ratio.toFixed(2)])
    ),
    ...skipped.map(({ peer, reason }) => `${peer.padEnd(20)}skipped: ${reason}`),
  ];
}
