import assert from "node:assert/strict";
import { join } from "node:path";
import { absoluteSource } from "../src/data/expand.ts";
import { openDataset } from "../src/data/mod.ts";
import { listingOf } from "../src/data/listing.ts";
import { listPictures } from "../src/data/sources.ts";
import { encodePng } from "../src/image/png_encoder.ts";
import { drawFacade } from "../src/synth/facade.ts";

const PNG = encodePng(drawFacade(1, 0, 40, 40));

async function withPhotos(
  names: readonly string[],
  use: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    for (const name of names) {
      await Deno.mkdir(join(dir, name, ".."), { recursive: true });
      await Deno.writeFile(join(dir, name), PNG);
    }
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const namesIn = async (source: string, dir: string): Promise<string[]> =>
  (await listPictures([source])).items.map(({ name }) => name.slice(dir.length + 1));

Deno.test("a list file names a path a line, relative to it; missing ones are named and the rest is used", async () => {
  await withPhotos(["a.png", "sub/b.png", "sub/c.png", "d.png"], async (dir) => {
    const list = join(dir, "photos.txt");
    const lines = [
      "\ufeff# chosen",
      "a.png",
      "",
      "  sub ",
      "no.png",
      join(dir, "a.png"),
      "sub/b.png",
    ];
    await Deno.writeTextFile(list, lines.join("\r\n"));
    await using data = await openDataset({
      source: `@${list}`,
      batch: 1,
      workers: 1,
      cacheDir: null,
    });
    assert.deepEqual(
      data.names,
      ["a.png", "sub/b.png", "sub/c.png"].map((name) => join(dir, name)),
    );
    assert.deepEqual(data.skipped, [{
      path: join(dir, "no.png"),
      reason: "there is no such file",
    }]);
    await Deno.writeTextFile(list, "# nothing\n");
    await assert.rejects(
      listPictures([`@${list}`]),
      /photos\.txt lists nothing; write a path a line/,
    );
    await assert.rejects(listPictures([`@${dir}/no.txt`]), /no\.txt does not exist/);
  });
  assert.equal(absoluteSource("@photos.txt"), `@${join(Deno.cwd(), "photos.txt")}`);
  assert.equal(absoluteSource("photos/*.jpg"), join(Deno.cwd(), "photos/*.jpg"));
});

Deno.test("a pattern stands for the files and folders that fit it", async () => {
  const names = ["a.png", "b1.png", "x/c.png", "x/y/d.png", "x/.h/e.png", "[1]/f.png"];
  await withPhotos(names, async (dir) => {
    const fits = (pattern: string) => namesIn(join(dir, pattern), dir);
    assert.deepEqual(await fits("*.png"), ["a.png", "b1.png"]);
    assert.deepEqual(await fits("**/*.png"), [
      "[1]/f.png",
      "a.png",
      "b1.png",
      "x/c.png",
      "x/y/d.png",
    ]);
    assert.deepEqual(await fits("{a,b?}.png"), ["a.png", "b1.png"]);
    assert.deepEqual(await fits("x*"), ["x/c.png", "x/y/d.png"]);
    assert.deepEqual(await fits("[1]"), ["[1]/f.png"]); // there under this very name
    await assert.rejects(fits("no (1)"), /no \(1\) does not exist/);
    await assert.rejects(fits("*.gif"), /\*\.gif fits no file/);
    await assert.rejects(fits("no/*.png"), /no\/\*\.png fits nothing: .*no does not exist/);
  });
});

Deno.test("photos of a list or pattern are told apart by their paths from its folder", () => {
  const item = (name: string) => ({ name, path: name, offset: 0, length: 5, identity: "" });
  const lines = (source: string, name: string) => listingOf([item(name)], [source]);
  assert.deepEqual(lines("photos/**/*.jpg", "photos/x/a.jpg"), ["5 x/a.jpg"]);
  assert.deepEqual(lines(join(Deno.cwd(), "photos/**/*.jpg"), join(Deno.cwd(), "photos/x/a.jpg")), [
    "5 x/a.jpg",
  ]);
  assert.deepEqual(lines("photos [1]", "photos [1]/a.jpg"), ["5 a.jpg"]);
  assert.deepEqual(lines("@/data/list.txt", "/data/x/a.jpg"), ["5 x/a.jpg"]);
});

Deno.test("names that are not UTF-8 are told of in a line; in tars and through links they are used", async () => {
  await withPhotos(["a.png"], async (dir) => {
    const script =
      `cd '${dir}' && cp a.png "$(printf 'caf\\351.png')" && cp a.png "$(printf 'caf\\350.png')" &&
      tar cf t.tar caf* && mkdir "$(printf 'p\\351re')" && cp a.png p*re/ && ln -s p*re folder`;
    const { success } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    assert.ok(success);
    const reasons: string[] = [];
    const { items } = await listPictures([dir], ({ reason }) => reasons.push(reason));
    assert.deepEqual(
      items.map(({ name }) => name.slice(dir.length + 1)),
      ["a.png", "folder/a.png", "t.tar/caf\xe8.png", "t.tar/caf\xe9.png"],
    );
    assert.equal(reasons.length, 1, reasons.join("\n"));
    assert.match(
      reasons[0],
      /^its name is not UTF-8, nor are those of 2 more, and Deno opens no such/,
    );
    await assert.rejects(
      listPictures([join(dir, "p\ufffdre")]),
      /its name is not UTF-8; give a link to it \(ln -s\), or a tar of it/,
    );
  });
});
