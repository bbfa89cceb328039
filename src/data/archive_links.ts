/**
 * Links within archives: what they lead to there.
 *
 * @module
 */

/** A link: its name, and what it names, from its folder or, for a hard link, from the archive's top. */
export interface ArchiveLink {
  /** Its name. */
  readonly name: string;
  /** The path that it holds. */
  readonly target: string;
  /** Whether that starts at the archive's top. */
  readonly hard: boolean;
}

/** Links to links are followed this far. */
const MAX_CHAIN = 16;

/**
 * Pairs links with the members that they lead to.
 *
 * @returns Link and member by pair, and the links that lead to no file of the archive.
 */
export function followLinks<Member extends { readonly name: string }>(
  members: readonly Member[],
  links: readonly ArchiveLink[],
): { found: { name: string; member: Member }[]; lost: string[] } {
  const byName = new Map(members.map((member) => [tidy(member.name), member]));
  const targets = new Map(links.map((link) => [tidy(link.name), targetOf(link)]));
  const found: { name: string; member: Member }[] = [];
  const lost: string[] = [];
  for (const { name } of links) {
    let place: string | undefined = tidy(name);
    for (let i = 0; i < MAX_CHAIN && place !== undefined && !byName.has(place); i++) {
      place = targets.get(place);
    }
    const member = place === undefined ? undefined : byName.get(place);
    if (member) found.push({ name, member });
    else lost.push(name);
  }
  return { found, lost };
}

function targetOf({ name, target, hard }: ArchiveLink): string | undefined {
  if (target.startsWith("/")) return undefined; // out of the archive
  return tidy(hard ? target : `${name}/../${target}`);
}

/** A path without "." and ".."; what would lead above the top stays at the top, where nothing is it. */
function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return "..";
  }
  return parts.join("/");
}
