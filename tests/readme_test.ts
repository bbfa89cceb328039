import assert from "node:assert/strict";

/** What both languages must say alike: everything but the prose. */
interface Skeleton {
  readonly headings: readonly number[];
  readonly code: readonly string[];
  readonly inline: readonly string[];
  readonly links: readonly string[];
}

function skeleton(text: string): Skeleton {
  const blocks = [...text.matchAll(/^```[\s\S]*?^```$|(?:^ {4}.*\n)+/gm)].map(([block]) => block);
  const prose = blocks.reduce((rest, block) => rest.replace(block, ""), text);
  return {
    headings: [...prose.matchAll(/^(#+) /gm)].map(([, marks]) => marks.length),
    code: blocks.map((block) => block.replaceAll(/ +(#|\/\/) .*$/gm, "")), // comments are prose
    // Word order differs between languages, so does the order of these within a paragraph.
    inline: [...prose.matchAll(/`[^`]+`/g)].map(([code]) => code.replaceAll(/\s+/g, " ")).sort(),
    links: [...prose.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target).sort(),
  };
}

function read(name: string): string {
  return Deno.readTextFileSync(new URL(`../${name}`, import.meta.url));
}

Deno.test("README.zh.md says what README.md says: headings, commands, options, links", () => {
  const english = skeleton(read("README.md").replace("(README.zh.md)", "(THE OTHER)"));
  const chinese = skeleton(read("README.zh.md").replace("(README.md)", "(THE OTHER)"));
  assert.deepEqual(chinese, english, "README.md and README.zh.md differ: change both");
  assert.ok(english.links.includes("THE OTHER") && english.code.length > 4);
});

Deno.test("a heading, a command or a link that one README lacks is found", () => {
  const whole = skeleton("# A\n\n```sh\nrun --x 1  # why\n```\n\n## B `c` [d](e)\n");
  assert.deepEqual(skeleton("# 甲\n\n```sh\nrun --x 1 # 为何\n```\n\n## 乙 [丁](e) `c`\n"), whole);
  for (
    const other of [
      "# A\n\n```sh\nrun --x 2  # why\n```\n\n## B `c` [d](e)\n",
      "# A\n\n```sh\nrun --x 1  # why\n```\n\n### B `c` [d](e)\n",
      "# A\n\n```sh\nrun --x 1  # why\n```\n\n## B `c` [d](f)\n",
      "# A\n\n```sh\nrun --x 1  # why\n```\n\n## B [d](e)\n",
    ]
  ) assert.notDeepEqual(skeleton(other), whole);
});
