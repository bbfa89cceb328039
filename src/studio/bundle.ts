/**
 * The studio's files: its page, style and the two bundled programs.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import html from "./page/index.html" with { type: "text" };
import style from "./page/style.css" with { type: "text" };

/** The files by name, with their type. */
export type Assets = ReadonlyMap<string, { readonly body: string; readonly type: string }>;

/** The part of Deno's bundler that is used; it is there with `--unstable-bundle`. */
interface Bundler {
  bundle?(options: {
    entrypoints: readonly string[];
    platform: "browser";
    minify: boolean;
    write: false;
  }): Promise<{
    readonly success: boolean;
    readonly errors: readonly { readonly text: string }[];
    readonly outputFiles?: readonly { text(): string }[];
  }>;
}

/**
 * Bundles the page's programs.
 *
 * @throws {UserError} If Deno was started without its bundler.
 */
export async function studioAssets(): Promise<Assets> {
  // One after the other: the first bundle ever fetches the bundler, and two at once fall over it.
  const main = await bundle("main.ts");
  const worker = await bundle("photo_worker.ts");
  return new Map([
    ["index.html", { body: html, type: "text/html; charset=utf-8" }],
    ["style.css", { body: style, type: "text/css; charset=utf-8" }],
    ["main.js", { body: main, type: "text/javascript; charset=utf-8" }],
    ["photo_worker.js", { body: worker, type: "text/javascript; charset=utf-8" }],
  ]);
}

async function bundle(name: string): Promise<string> {
  const entry = new URL(`page/${name}`, import.meta.url);
  const { bundle } = Deno as Bundler;
  if (!bundle) {
    throw new UserError(
      "the studio bundles its page with Deno's bundler: start it with `deno task studio`, or give " +
        "deno the flag --unstable-bundle",
    );
  }
  const { success, errors, outputFiles } = await bundle({
    entrypoints: [entry.href],
    platform: "browser",
    minify: true,
    write: false,
  });
  if (!success || !outputFiles?.[0]) throw new Error(errors.map(({ text }) => text).join("\n"));
  return outputFiles[0].text();
}
