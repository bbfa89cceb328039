import assert from "node:assert/strict";
import { commanderHelp } from "../src/cli/commander_program.ts";
import { PROGRAM } from "../src/cli/commands/mod.ts";
import { bashCompletions } from "../src/cli/completions/bash.ts";
import { fishCompletions } from "../src/cli/completions/fish.ts";
import { completionContexts } from "../src/cli/completions/words.ts";
import { zshCompletions } from "../src/cli/completions/zsh.ts";
import { pages } from "../docs/make.ts";
import project from "../deno.json" with { type: "json" };
import kid from "../src/judge/kid.json" with { type: "json" };

// After a change that is meant: deno test -A tests/cli_help_test.ts --update-snapshots

Deno.test("the help of every command is as it was when last looked at", async (t) => {
  for (const { path } of completionContexts(PROGRAM)) {
    await t.assertSnapshot(
      commanderHelp(PROGRAM, path, { program: "deno task", color: false, width: 100 }),
    );
  }
});

Deno.test("the completion scripts are as they were when last looked at", async (t) => {
  for (const script of [bashCompletions, zshCompletions, fishCompletions]) {
    await t.assertSnapshot(script(PROGRAM, "facadegan"));
  }
});

Deno.test("what the documentation holds of the code is as the code says", async () => {
  for (const [path, text] of Object.entries(pages())) {
    const written = await Deno.readTextFile(new URL(`../${path}`, import.meta.url));
    assert.equal(written, text, `${path}: run \`deno task docs\``);
  }
});

for (const page of ["README.md", "README.zh.md", "ARCHITECTURE.md", ...pagesIn("docs")]) {
  Deno.test(`every file that ${page} links to is there`, async () => {
    const base = new URL(`../${page}`, import.meta.url);
    const text = await Deno.readTextFile(base);
    for (const [, a, b] of text.matchAll(/\]\((?!https?:)([^)#]+)\)|src="(?!https?:)([^"]+)"/g)) {
      await Deno.stat(new URL(a ?? b, base));
    }
  });
}

function pagesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(`../${folder}`, import.meta.url))]
    .filter(({ name }) => name.endsWith(".md")).map(({ name }) => `${folder}/${name}`);
}

Deno.test("every command has a task of its name, without all permissions", () => {
  const tasks: Record<string, { command: string }> = project.tasks;
  for (const { name } of PROGRAM.commands ?? []) {
    assert.ok(tasks[name]?.command.endsWith(`src/cli/main.ts ${name}`), name);
  }
  const sets: Record<string, Record<string, unknown>> = project.permissions;
  for (const [name, { command }] of Object.entries(tasks)) {
    assert.doesNotMatch(command, / (-A|-P|--allow-all)( |$)/, name);
    const set = / -P=(\w+) /.exec(command)?.[1];
    if (set) assert.ok(sets[set] && !sets[set].all, `${name}: -P=${set}`);
    // Deno prints the line before it starts the program.
    if (command.startsWith("FACADEGAN_TASK=1")) assert.ok(command.length < 100, command);
  }
});

Deno.test("the lock files hold what the program needs and nothing else: all of it is downloaded", async () => {
  const sources = await Promise.all(
    [...Deno.readDirSync(new URL("../src/deps", import.meta.url))].map(({ name }) =>
      Deno.readTextFile(new URL(`../src/deps/${name}`, import.meta.url))
    ),
  );
  const namedIn = (texts: string[]) =>
    [
      ...new Set(texts.flatMap((text) =>
        [...text.matchAll(/"npm:((?:@[^/"]+\/)?[^/"]+)/g)].map(([, name]) => `npm:${name}`)
      )),
    ].sort();
  const isApart = (text: string) => text.includes("importApart");
  const [lock, apart] = await Promise.all(
    ["deno.lock", "src/judge/kid.lock"].map(async (path) =>
      JSON.parse(await Deno.readTextFile(new URL(`../${path}`, import.meta.url)))
    ),
  );
  const locked = ({ specifiers }: { specifiers: object }) =>
    Object.keys(specifiers).filter((one) => one.startsWith("npm:")).sort();
  assert.deepEqual(locked(lock), namedIn(sources.filter((text) => !isApart(text))));
  // The other one holds the same bytes of the same packages, and those that one option needs.
  assert.deepEqual(locked(apart), namedIn(sources));
  for (const [name, entry] of Object.entries(lock.npm)) assert.deepEqual(apart.npm[name], entry);
  assert.deepEqual(kid.permissions.files, project.permissions.files);
});

const bash = await new Deno.Command("bash", { args: ["-c", "exit 0"] }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: `bash completes commands, options, choices and sub-commands${
    bash ? "" : " (no bash here)"
  }`,
  ignore: !bash,
  fn: async () => {
    const lines = [
      "facadegan tra",
      "facadegan train --log",
      "facadegan train --loss ",
      "facadegan train --quiet --cro",
      "facadegan runs ",
      "facadegan runs list --js",
      "facadegan completions z",
      "facadegan train --steps ",
    ];
    const script = `${bashCompletions(PROGRAM, "facadegan")}
compopt() { :; } # only an interactive shell has it
while IFS= read -r line; do
  COMP_WORDS=($line)
  [[ "$line" == *" " ]] && COMP_WORDS+=("")
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _facadegan
  echo "\${COMPREPLY[*]}"
done <<'LINES'
${lines.join("\n")}
LINES`;
    const { stdout } = await new Deno.Command("bash", { args: ["-c", script] }).output();
    assert.deepEqual(new TextDecoder().decode(stdout).split("\n").slice(0, -1), [
      "train",
      "--log-format",
      "ls bce hinge",
      "--crop",
      "list compare report --help",
      "--json",
      "zsh",
      "",
    ]);
  },
});

Deno.test({
  name: `bash completes this project's tasks behind deno task, and nothing else of deno${
    bash ? "" : " (no bash here)"
  }`,
  ignore: !bash,
  fn: async () => {
    const script = `${bashCompletions(PROGRAM, "deno task")}
compopt() { :; } # only an interactive shell has it
_deno() { COMPREPLY=(from deno itself); }
complete -p deno
while IFS= read -r line; do
  COMP_WORDS=($line)
  [[ "$line" == *" " ]] && COMP_WORDS+=("")
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  _facadegan_deno
  echo "\${COMPREPLY[*]}"
done <<'LINES'
deno task tra
deno task train --loss 
deno task runs list --js
deno run --al
deno tas
LINES
cd /
COMP_WORDS=(deno task tra) COMP_CWORD=2
_facadegan_deno
echo "\${COMPREPLY[*]}"`;
    const cwd = new URL("..", import.meta.url);
    const { stdout } = await new Deno.Command("bash", { args: ["-c", script], cwd }).output();
    assert.deepEqual(new TextDecoder().decode(stdout).split("\n").slice(0, -1), [
      "complete -o default -F _facadegan_deno deno",
      "train",
      "ls bce hinge",
      "--json",
      "from deno itself",
      "from deno itself",
      "from deno itself",
    ]);
  },
});

Deno.test("zsh and fish complete deno where the program was started by deno task, else its own name", () => {
  for (const script of [zshCompletions, fishCompletions]) {
    const own = script(PROGRAM, "facadegan");
    assert.match(own, /^(compdef _facadegan facadegan|complete -c facadegan -f)$/m);
    assert.doesNotMatch(own, /(compdef \S+|complete -c) deno/);
    const task = script(PROGRAM, "deno task");
    assert.match(task, /^(compdef _facadegan_deno deno|complete -c deno -n '.*' -f)$/m);
    assert.doesNotMatch(task, /(compdef \S+|complete -c) facadegan/);
  }
});
