/**
 * What is among photos without being meant.
 *
 * @module
 */

const WINDOWS = /^(ehthumbs|thumbs)\.db$|^desktop\.ini$/i;

/**
 * Hidden files and folders, and what macOS puts beside photos on other systems' disks: `__MACOSX`
 * in archives, `._name.jpg`, which looks like a picture and is none; and what Windows puts there.
 */
export function isForeign(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX" || WINDOWS.test(name);
}

/** The same for a path within an archive, where a leading `./` is usual and hides nothing. */
export function hasForeignPart(path: string): boolean {
  return path.split("/").some((part) => part !== "." && part !== ".." && isForeign(part));
}
