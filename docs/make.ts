/**
 * Writes what the documentation holds of the code: `deno task docs` the options and the picture of
 * the networks; `deno task docs transcripts` runs the commands of docs/cli.md, and what they print
 * replaces what stood there.
 *
 * @module
 */

import { optionPage } from "../src/cli/option_tables.ts";
import { DEFAULT_SETTINGS } from "../src/train/settings.ts";
import { networkPicture } from "./network_picture.ts";

/** What is made, by its path. */
export function pages(): Record<string, string> {
  return {
    "docs/options.md": optionPage(),
    "docs/images/network.svg": networkPicture(DEFAULT_SETTINGS),
  };
}

/** The text with every block of commands (```` ```console ````) run anew in one empty folder. */
async function withTranscripts(text: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const shim = `${folder}/bin`;
  await Deno.mkdir(shim);
  // Readers type `deno task ...` in a checkout; here the folder they would be in is an empty one.
  const root = new URL("..", import.meta.url).pathname;
  const script =
    `#!/bin/sh\nshift\nFACADEGAN_TASK=1 exec "${Deno.execPath()}" run -q --no-prompt ` +
    `--allow-read --allow-write --allow-env "${root}src/cli/main.ts" "$@"\n`;
  await Deno.writeTextFile(`${shim}/deno`, script, { mode: 0o755 });
  try {
    const parts = text.split(/(```console\n[\s\S]*?```\n)/);
    for (const [i, part] of parts.entries()) {
      if (!part.startsWith("```console\n")) continue;
      let out = "```console\n";
      for (const [, line] of part.matchAll(/^\$ (.*)$/gm)) {
        const { stdout, stderr, code } = await new Deno.Command("sh", {
          args: ["-c", line],
          cwd: folder,
          env: { PATH: `${shim}:${Deno.env.get("PATH")}`, NO_COLOR: "1" },
        }).output();
        const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
        out += `$ ${line}\n${said}${code === 0 ? "" : `(status ${code})\n`}`;
      }
      parts[i] = `${out}\`\`\`\n`;
    }
    return parts.join("").replaceAll(`${folder}/`, "").replaceAll(root, "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(pages())) await Deno.writeTextFile(path, text);
  if (Deno.args[0] === "transcripts") {
    const text = await Deno.readTextFile("docs/cli.md");
    await Deno.writeTextFile("docs/cli.md", await withTranscripts(text));
  }
}
