import assert from "node:assert/strict";
import { join } from "node:path";
import { FileLock } from "../src/files/lock.ts";
import { RunClaim } from "../src/run/claim.ts";
import { RunFolder } from "../src/run/folder.ts";

async function inTemporaryFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const MODULE = new URL("../src/run/claim.ts", import.meta.url).href;

/** A process of its own that claims with an expression, says so, and then waits to be ended. */
function claimer(parent: string, claim: string): Deno.ChildProcess {
  const script = `
    import { RunClaim } from ${JSON.stringify(MODULE)};
    import { RunFolder } from ${JSON.stringify(new URL("folder.ts", MODULE).href)};
    const parent = ${JSON.stringify(parent)};
    const claim = await ${claim};
    console.log(claim.folder.path);
    setInterval(() => {}, 1000);`;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--no-check",
      "-A",
      "data:text/javascript," +
      encodeURIComponent(script),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

/** The first line of a process; the process goes on. */
async function firstLine(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text.trim();
}

Deno.test("six processes that claim the next run at once get six folders", () =>
  inTemporaryFolder(async (parent) => {
    const all = Array.from({ length: 6 }, () => claimer(parent, "RunClaim.next(parent)"));
    const folders = await Promise.all(all.map(firstLine));
    for (const process of all) process.kill("SIGKILL");
    await Promise.all(all.map(({ status }) => status));
    assert.deepEqual(
      folders.toSorted(),
      [1, 2, 3, 4, 5, 6].map((i) => join(parent, String(i))),
    );
  }));

Deno.test("a folder that a live process writes to is refused by its number, a killed one's is taken over", () =>
  inTemporaryFolder(async (parent) => {
    const folder = new RunFolder(join(parent, "run"));
    const owner = claimer(parent, 'RunClaim.take(new RunFolder(parent + "/run"))');
    await firstLine(owner);
    await assert.rejects(RunClaim.take(folder), {
      name: "UserError",
      message: new RegExp(`run is being written to by process ${owner.pid} on .+: wait until`),
    });
    owner.kill("SIGKILL");
    await owner.status;
    await Deno.stat(folder.lock); // it could not tidy up
    using claim = await RunClaim.take(folder);
    assert.equal(claim.folder.path, folder.path);
    const { pid, host } = JSON.parse(await Deno.readTextFile(folder.lock));
    assert.deepEqual([pid, host], [Deno.pid, Deno.hostname()]);
  }));

Deno.test("a claim that comes to nothing takes its folder with it, one on a run leaves the run", () =>
  inTemporaryFolder(async (parent) => {
    const nothing = await RunClaim.next(parent);
    nothing.release();
    assert.deepEqual(await Array.fromAsync(Deno.readDir(parent)), []);
    const run = await RunClaim.next(parent);
    await Deno.writeTextFile(run.folder.config, "{}");
    run.release();
    const names = (await Array.fromAsync(Deno.readDir(run.folder.path))).map(({ name }) => name);
    assert.deepEqual(names, ["config.json"]);
  }));

Deno.test("a lock is one's own again once it was given back, within a process too", () =>
  inTemporaryFolder(async (parent) => {
    const path = join(parent, "lock");
    const first = await FileLock.take(path);
    assert.ok(first instanceof FileLock);
    const second = await FileLock.take(path);
    assert.ok(!(second instanceof FileLock));
    assert.equal(second.heldBy?.pid, Deno.pid);
    first.release();
    first.release(); // a second time does nothing
    const third = await FileLock.take(path);
    assert.ok(third instanceof FileLock && third.guarded);
    third.release();
  }));

Deno.test("a file system without locks grants all, and the claim says so", () =>
  inTemporaryFolder(async (parent) => {
    const { tryLock } = Deno.FsFile.prototype;
    Deno.FsFile.prototype.tryLock = () => Promise.reject(new Error("No locks available"));
    try {
      using claim = await RunClaim.take(new RunFolder(join(parent, "run")));
      assert.equal(claim.guarded, false);
    } finally {
      Deno.FsFile.prototype.tryLock = tryLock;
    }
    using claim = await RunClaim.take(new RunFolder(join(parent, "run")));
    assert.equal(claim.guarded, true);
  }));
