import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../src/errors.ts";
import { explainWriteError, replaceFileSync, writeFileAtomic } from "../src/files/atomic.ts";

async function inTemporaryFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("writeFileAtomic() makes folders, replaces files and leaves nothing beside them", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "a", "b", "file.txt");
    await writeFileAtomic(path, "first");
    await writeFileAtomic(path, new TextEncoder().encode("second"));
    assert.equal(await Deno.readTextFile(path), "second");
    const names = [...Deno.readDirSync(join(folder, "a", "b"))].map((entry) => entry.name);
    assert.deepEqual(names, ["file.txt"]);
  }));

Deno.test("writeFileAtomic() names a place where a file stands in the way", () =>
  inTemporaryFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "here first");
    const path = join(folder, "file", "below.txt");
    await assert.rejects(writeFileAtomic(path, "x"), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^cannot write .*below\.txt: a file stands where a folder/);
      return true;
    });
    assert.equal(await Deno.readTextFile(join(folder, "file")), "here first");
  }));

Deno.test("writeFileAtomic() keeps the old file and leaves no other when renaming fails", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "kept.txt");
    await Deno.writeTextFile(path, "old");
    const { rename } = Deno;
    Deno.rename = () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" }));
    try {
      await assert.rejects(writeFileAtomic(path, "new"), UserError);
    } finally {
      Deno.rename = rename;
    }
    assert.equal(await Deno.readTextFile(path), "old");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["kept.txt"]);
  }));

Deno.test("writeFileAtomic() does not write through a link planted under its temporary name", () =>
  inTemporaryFolder(async (folder) => {
    const victim = join(folder, "victim");
    const { randomUUID } = crypto;
    const guessed = randomUUID.call(crypto);
    const planted = join(folder, `.${guessed}.part`);
    await Deno.writeTextFile(victim, "precious");
    await Deno.symlink(victim, planted);
    crypto.randomUUID = () => guessed;
    try {
      await assert.rejects(writeFileAtomic(join(folder, "file"), "evil"), UserError);
      assert.throws(() => replaceFileSync(join(folder, "file"), new Uint8Array(4)), UserError);
    } finally {
      crypto.randomUUID = randomUUID;
    }
    assert.equal(await Deno.readTextFile(victim), "precious");
    assert.ok((await Deno.lstat(planted)).isSymlink, "what is not ours is not removed");
  }));

Deno.test("writeFileAtomic() writes a file whose name is as long as names may be", () =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "n".repeat(255));
    await writeFileAtomic(path, "long");
    assert.equal(await Deno.readTextFile(path), "long");
  }));

Deno.test("explainWriteError() says in words that the disk is full", () => {
  const error = Object.assign(new Error("No space left on device (os error 28)"), {
    code: "ENOSPC",
  });
  const explained = explainWriteError("run/a.png", error);
  assert.ok(explained instanceof UserError);
  assert.equal(
    explained.message,
    "cannot write run/a.png: the disk is full; make room or choose another place",
  );
});

Deno.test("explainWriteError() leaves other errors alone", () => {
  const bug = new TypeError("a bug");
  assert.equal(explainWriteError("f", bug), bug);
});
