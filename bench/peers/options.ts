/**
 * What every peer script takes and prints, so that their figures compare.
 *
 * @module
 */

/** What to time. */
export interface PeerOptions {
  /** Pictures in a batch. */
  readonly batch: number;
  /** Channels of the first hidden layer. */
  readonly width: number;
  /** Timed blocks of steps. */
  readonly steps: number;
  /** Blocks before the clock counts: shaders are compiled there. */
  readonly warmup: number;
  /** Steps in a block: how often the losses are read back. */
  readonly readEvery: number;
}

/** Reads `--batch 16 --width 64 --steps 1 --warmup 1 --read-every 1` from the command line. */
export function peerOptions(args: readonly string[]): PeerOptions {
  const number = (name: string, fallback: number) => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? fallback : Number(args[at + 1]);
  };
  return {
    batch: number("batch", 16),
    width: number("width", 64),
    steps: number("steps", 1),
    warmup: number("warmup", 1),
    readEvery: number("read-every", 1),
  };
}

/**
 * Times a peer's training steps and prints one line of JSON: `step` queues a step, `read` waits
 * for everything queued and gives the two losses.
 */
export async function timeSteps(
  peer: string,
  options: PeerOptions,
  step: () => void,
  read: () => Promise<[errD: number, errG: number]>,
): Promise<void> {
  const times: number[] = [];
  for (let block = 0; block < options.warmup + options.steps; block++) {
    const start = performance.now();
    for (let i = 0; i < options.readEvery; i++) step();
    const [errD, errG] = await read();
    times.push((performance.now() - start) / options.readEvery);
    const ms = times[block].toFixed(1);
    console.error(
      `block ${block}: ${ms} ms a step, errD ${errD.toFixed(4)}, errG ${errG.toFixed(4)}`,
    );
  }
  const timed = times.slice(options.warmup).sort((a, b) => a - b);
  console.log(JSON.stringify({
    peer,
    batch: options.batch,
    width: options.width,
    median_ms: median(timed),
    best_ms: timed[0],
  }));
}

/** The middle one of `values`, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
