import assert from "node:assert/strict";
import { join } from "node:path";
import { program } from "./program.ts";

type Task = Parameters<typeof program>[0];

/** Paths that are missing, a file where a folder should be, a folder where a file should be. */
const LINES = [
  "dataset synth FILE/x --count 1 --size 16",
  "dataset inspect FILE/x",
  "dataset inspect FILE",
  "dataset inspect FOLDER --sheet FILE/sheet.png",
  "train --data FILE/x",
  "train --data @FOLDER/no.txt",
  "train --data FOLDER/*.gif",
  "train --config FOLDER",
  "train --resume FOLDER",
  "evaluate --checkpoint FILE/x",
  "export FOLDER",
  "runs list FILE",
];

Deno.test("paths that cannot be used are told of in one line, without the system's own words", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "file");
  await Deno.writeTextFile(file, "x");
  try {
    const tell = async (line: string): Promise<void> => {
      const words = line.replaceAll("FILE", file).replaceAll("FOLDER", folder).split(" ");
      const { code, stderr } = await program(words[0] as Task, words.slice(1));
      assert.equal(code, 1, `${line}\n${stderr}`);
      assert.match(stderr, /^error: .+\n$/, line);
      assert.doesNotMatch(stderr, /os error|readfile|mkdir|\bat .*:\d+:\d+/, line);
    };
    for (let i = 0; i < LINES.length; i += 4) await Promise.all(LINES.slice(i, i + 4).map(tell));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
