/** Pages in a real Chromium, where one is installed (Debian's package `chromium`). */

import { CHROMIUM } from "./chromium_path.ts";

/**
 * What drives it. Not written into the import itself: everything that stands in the lock file is
 * fetched before a user's first training.
 */
const DRIVER = "npm:playwright-core@1.65.1";

/** The part of the driver's elements that is used. */
export interface Locator {
  click(): Promise<void>;
  fill(text: string): Promise<void>;
  first(): Locator;
  last(): Locator;
  check(): Promise<void>;
  press(key: string): Promise<void>;
  boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
  selectOption(value: string): Promise<unknown>;
  setInputFiles(
    files: readonly { name: string; mimeType: string; buffer: Uint8Array }[] | string,
  ): Promise<void>;
  textContent(): Promise<string | null>;
  allTextContents(): Promise<string[]>;
  inputValue(): Promise<string>;
  getAttribute(name: string): Promise<string | null>;
  // deno-lint-ignore no-explicit-any -- an element of a page, which Deno's types do not know
  evaluate<T>(work: (element: any) => T): Promise<T>;
}

/** Chromium's own protocol, for what the driver has no name for. */
export interface Session {
  send(method: string, parameters?: Record<string, unknown>): Promise<unknown>;
}

/** The part of the driver's pages that is used. */
export interface Page {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
  setDefaultTimeout(ms: number): void;
  addInitScript(work: () => unknown): Promise<void>;
  context(): {
    newPage(): Promise<Page>;
    newCDPSession(page: Page): Promise<Session>;
    browser(): { newBrowserCDPSession(): Promise<Session> };
  };
  on(event: "pageerror", listener: (error: Error) => void): void;
  locator(selector: string): Locator;
  getByRole(role: string, options?: { name?: string; exact?: boolean }): Locator;
  getByLabel(label: string, options?: { exact?: boolean }): Locator;
  waitForSelector(selector: string, options?: { timeout: number }): Promise<unknown>;
  waitForFunction<A>(work: (argument: A) => unknown, argument: A): Promise<unknown>;
  waitForTimeout(ms: number): Promise<void>;
  waitForEvent(event: "download"): Promise<{ saveAs(path: string): Promise<void> }>;
  waitForEvent(event: "filechooser"): Promise<{ setFiles(path: string): Promise<void> }>;
  screenshot(options: { path: string; fullPage?: boolean; quality?: number }): Promise<unknown>;
  evaluate<T, A>(work: (argument: A) => T | Promise<T>, argument: A): Promise<T>;
}

/** What a visitor's screen is like; left out: 1280 x 720, light, American. */
export interface Screen {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: "light" | "dark";
  readonly locale?: string;
  readonly hasTouch?: boolean;
}

/** How {@linkcode withPage} starts the browser. */
export interface BrowserOptions {
  readonly screen?: Screen;
  /** Flags that choose the adapter; left out: those of SwiftShader. */
  readonly adapter?: readonly string[];
  /** The browser's environment; left out: this process's. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Driver {
  readonly chromium: {
    launch(options: {
      executablePath: string;
      args: readonly string[];
      env?: Readonly<Record<string, string>>;
    }): Promise<{
      newContext(options?: Screen): Promise<{ newPage(): Promise<Page> }>;
      close(): Promise<void>;
    }>;
  };
}

/** WebGPU on SwiftShader, a second compiler and a second adapter. */
const SWIFTSHADER = ["--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];

/** Nothing asked of the network. */
const ARGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
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
export async function withPage<T>(
  url: string,
  work: (page: Page) => Promise<T>,
  { screen, adapter = SWIFTSHADER, env }: BrowserOptions = {},
): Promise<T> {
  const { chromium }: Driver = await import(DRIVER);
  const browser = await chromium.launch({
    executablePath: CHROMIUM!,
    args: [...ARGS, ...adapter],
    ...env && { env },
  });
  try {
    const page = await (await browser.newContext(screen)).newPage();
    page.setDefaultTimeout(120_000); // other tests run beside this one
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
