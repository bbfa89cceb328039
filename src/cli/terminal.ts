/**
 * Where the program's words go.
 *
 * @module
 */

import { explainWriteError } from "../files/atomic.ts";
import { JsonReporter } from "./progress/json.ts";
import { LineReporter } from "./progress/lines.ts";
import { LiveReporter } from "./progress/live.ts";
import { QuietReporter } from "./progress/quiet.ts";
import { printable, printableLines } from "./printable.ts";
import type { Output, Reporter } from "./progress/reporter.ts";

/** Standard output and error: the one way there, past which no text gets as it is but our own colours. */
export const TERMINAL: Output = {
  write: (text) => writeAll(Deno.stdout, printableLines(text)),
  writeError: (text) => writeAll(Deno.stderr, printableLines(text)),
  writeStyled: (text) => writeAll(Deno.stdout, text),
  columns() {
    if (!Deno.stdout.isTerminal()) return undefined;
    try {
      return Deno.consoleSize().columns || 80;
    } catch {
      return 80; // as with columns 0: a terminal without a size
    }
  },
  color: !Deno.noColor && Deno.stdout.isTerminal(),
  now: () => performance.now(),
};

/** Says what went wrong without stopping anything. */
export function warn(line: string): void {
  TERMINAL.writeError(`warning: ${printable(line)}\n`);
}

/** The reporter that options ask for. */
export function chooseReporter(
  options: { readonly quiet: boolean; readonly "log-format": "text" | "json" },
  output: Output = TERMINAL,
): Reporter {
  if (options.quiet) return new QuietReporter(output);
  if (options["log-format"] === "json") return new JsonReporter(output);
  return output.columns() === undefined ? new LineReporter(output) : new LiveReporter(output);
}

/** Writes whole texts; once nobody reads any more (`| head`, a closed terminal), work goes on in silence. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    const { code } = error as { code?: string };
    if (code === "EIO" || stream === Deno.stderr) return;
    throw explainWriteError("standard output", error);
  }
}
