/** Where Chromium is, without loading what drives it. */

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser's path; undefined where there is none. */
export const CHROMIUM: string | undefined = PATHS.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** Says in a test's name that it is skipped, and why. */
export const IF_CHROMIUM = CHROMIUM ? "" : " (skipped: no Chromium here)";
