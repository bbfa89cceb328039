/**
 * `studio`: the page in a browser, served or as plain files.
 *
 * @module
 */

import { join } from "node:path";
import { writeFileAtomic } from "../../files/atomic.ts";
import { RUNS } from "../../run/folder.ts";
import { studioAssets } from "../../studio/bundle.ts";
import { serveStudio } from "../../studio/server.ts";
import { encodeCheckpoint } from "../../train/checkpoint.ts";
import { generatorOnly } from "../../train/loaded_generator.ts";
import type { STUDIO } from "../commands/studio.ts";
import type { Invocation } from "../invocation.ts";
import { TERMINAL, warn } from "../terminal.ts";
import { UsageError } from "../usage_error.ts";
import { openCheckpoint } from "./open_checkpoint.ts";

/** Serves the page until Ctrl-C, or writes it. */
export async function studio({ options, args }: Invocation<typeof STUDIO>): Promise<number> {
  if (options.checkpoint !== undefined && options.build === undefined) {
    throw new UsageError("--checkpoint goes with --build; a served page finds the runs by itself.");
  }
  const assets = await studioAssets();
  if (options.build !== undefined) {
    const folder = options.build;
    for (const [name, { body }] of assets) await writeFileAtomic(join(folder, name), body);
    const written = [...assets.keys()];
    if (options.checkpoint !== undefined) {
      const { checkpoint } = await openCheckpoint(options.checkpoint, warn);
      const name = "generator.safetensors";
      await writeFileAtomic(join(folder, name), encodeCheckpoint(generatorOnly(checkpoint)));
      written.push(name);
    }
    TERMINAL.write(written.map((name) => `  ${join(folder, name)}\n`).join(""));
    return 0;
  }
  await using server = serveStudio({ assets, runs: args[0] ?? RUNS }, options.port);
  TERMINAL.write(`The studio is at ${server.url}\nCtrl-C ends it.\n`);
  if (options.open) await openBrowser(server.url);
  await server.finished;
  return 0;
}

/** Hands the address to the system's browser; where there is none the address was printed. */
async function openBrowser(url: string): Promise<void> {
  const [program, ...args] = {
    darwin: ["open"],
    windows: ["explorer"],
  }[Deno.build.os as string] ?? ["xdg-open"];
  try {
    await new Deno.Command(program, { args: [...args, url], stdout: "null", stderr: "null" })
      .output();
  } catch {
    TERMINAL.writeError("no browser could be opened: open the address yourself\n");
  }
}
