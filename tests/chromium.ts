/** Pages in a real Chromium, where one is installed (Debian's package `chromium`). */

import { chromium, type Page } from "npm:playwright-core@1.65.1";
import { CHROMIUM } from "./chromium_path.ts";

/** WebGPU on SwiftShader, a second compiler and a second adapter; nothing asked of the network. */
const ARGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** A program for pages, bundled. */
export async function bundle(entry: URL): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "-q", "--platform", "browser", entry.href],
    cwd: new URL("..", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Opens a page of a server in a fresh browser. */
export async function withPage<T>(url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: ARGS });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(url);
    const result = await work(page);
    if (errors.length > 0) throw new Error(`the page failed: ${errors.join("; ")}`);
    return result;
  } finally {
    await browser.close();
  }
}
