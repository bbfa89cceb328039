/**
 * Cliffy, which lays out help, loaded when the program runs: it lives on JSR alone, and a static
 * import would stop the program where JSR is out of reach. The part of its interface that is used is
 * declared here.
 *
 * @module
 */

/** The part of Cliffy's `Command` that is used. */
export interface CliffyCommand {
  name(name: string): this;
  description(text: string): this;
  argument(definition: string, description: string): this;
  group(name: string): this;
  option(flags: string, description: string, options?: CliffyOptionSettings): this;
  command(name: string, command: CliffyCommand): this;
  example(name: string, description: string): this;
  reset(): this;
  getCommand(name: string): CliffyCommand | undefined;
  getHelp(options?: { colors?: boolean; width?: number; long?: boolean }): string;
}

/** The part of Cliffy's option settings that is used. */
export interface CliffyOptionSettings {
  readonly defaultText?: string;
  readonly collect?: boolean;
}

/** The part of Cliffy that is used. */
export interface Cliffy {
  readonly Command: new () => CliffyCommand;
}

/**
 * The version that is used. Not written into the import itself: Deno would then fetch it before the
 * program starts, and a network that swallows what it does not know would hold up every command.
 */
export const CLIFFY = "jsr:@cliffy/command@1.2.1";

/** Loads Cliffy; rejects with the reason where JSR does not answer within `patience` milliseconds. */
export async function loadCliffy(patience = 3000): Promise<Cliffy> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`JSR is silent for ${patience} ms`)), patience);
  });
  try {
    return await Promise.race([import(CLIFFY) as Promise<unknown> as Promise<Cliffy>, silence]);
  } finally {
    clearTimeout(timer);
  }
}
