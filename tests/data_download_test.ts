import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { type Archive, downloadFacades, type Progress } from "../src/data/mod.ts";
import { listZip } from "../src/data/unzip.ts";
import { UserError } from "../src/errors.ts";

interface Member {
  name: string;
  data: Uint8Array<ArrayBuffer>;
  stored?: boolean;
  /** What the archive claims instead of the truth. */
  crc?: number;
  size?: number;
}

/** A zip archive, lies included. */
function zip(members: readonly Member[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const { name, data, stored, crc, size } of members) {
    const body = stored ? data : new Uint8Array(deflateRawSync(data));
    const label = new TextEncoder().encode(name);
    const fields = (start: number, length: number, signature: number): Uint8Array<ArrayBuffer> => {
      const record = new Uint8Array(length + label.length);
      const view = new DataView(record.buffer);
      view.setUint32(0, signature, true);
      view.setUint16(start + 4, stored ? 0 : 8, true);
      view.setUint32(start + 10, crc ?? crc32(Buffer.from(data)), true);
      view.setUint32(start + 14, body.length, true);
      view.setUint32(start + 18, size ?? data.length, true);
      view.setUint16(start + 22, label.length, true);
      record.set(label, length);
      return record;
    };
    const local = fields(4, 30, 0x04034b50);
    const entry = fields(6, 46, 0x02014b50);
    new DataView(entry.buffer).setUint32(42, at, true);
    parts.push(local, body);
    central.push(entry);
    at += local.length + body.length;
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(10, members.length, true);
  view.setUint32(16, at, true);
  return Uint8Array.from([...parts, ...central, end].flatMap((part) => [...part]));
}

const bytes = (length: number, seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (Math.imul(i + seed, 2654435761) >>> 11) & 255);

const CONTENT = zip([
  { name: "facades/", data: bytes(0, 0), stored: true },
  { name: "facades/trainA/1.jpg", data: bytes(30_000, 1) },
  { name: "facades/testA/1.jpg", data: bytes(20_000, 2), stored: true },
  { name: "facades/trainB/1.jpg", data: bytes(100, 3) },
]);

function archive(url: string): Archive {
  return {
    urls: [url],
    bytes: CONTENT.length,
    sha256: createHash("sha256").update(CONTENT).digest("hex"),
    photos: /(trainA|testA)\/[^/]+\.jpg$/,
  };
}

/** Serves `answer` on loopback, and downloads from there into an empty folder. */
async function withServer(
  answer: (request: Request, count: number) => Response | Promise<Response>,
  use: (folder: string, url: string) => Promise<void>,
): Promise<void> {
  let count = 0;
  const server = Deno.serve(
    {
      port: 0,
      hostname: "127.0.0.1",
      onListen: () => {},
      onError: () => new Response(null, { status: 500 }),
    },
    (request) => answer(request, count++),
  );
  const dir = await Deno.makeTempDir();
  try {
    await use(join(dir, "photos"), `http://127.0.0.1:${server.addr.port}/facades.zip`);
  } finally {
    await server.shutdown();
    await Deno.remove(dir, { recursive: true });
  }
}

/** A body that sends a part and then breaks off, or falls silent until `signal`. */
function partial(
  data: Uint8Array,
  then: "break" | "silence",
  signal?: AbortSignal,
): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(data);
      if (then === "break") setTimeout(() => controller.error(new Error("the plug is pulled")), 20);
      else signal?.addEventListener("abort", () => controller.close());
    },
  });
}

/** Answers with the rest of the content that a request asks for. */
function rest(request: Request): Response {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
  if (from === 0) return new Response(CONTENT);
  return new Response(CONTENT.subarray(from), {
    status: 206,
    headers: { "content-range": `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` },
  });
}

const QUICK = { stall: 300, pause: 5 };

Deno.test("downloadFacades() unpacks the photos alone and reports its progress", async () => {
  await withServer(rest, async (folder, url) => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress): unknown => seen.push(progress);
    assert.equal(await downloadFacades({ ...QUICK, folder, archive: archive(url), onProgress }), 2);
    assert.deepEqual(await Deno.readFile(join(folder, "trainA_1.jpg")), bytes(30_000, 1));
    assert.deepEqual(await Deno.readFile(join(folder, "testA_1.jpg")), bytes(20_000, 2));
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    assert.deepEqual(names.sort(), ["testA_1.jpg", "trainA_1.jpg"]);
    const last = seen[seen.length - 1];
    assert.deepEqual([last.done, last.total, last.unit], [CONTENT.length, CONTENT.length, "bytes"]);
    await assert.rejects(Deno.stat(`${folder}.zip.part`), Deno.errors.NotFound);
  });
});

Deno.test("downloadFacades() goes on where a dropped connection stopped", async () => {
  const asked: (string | null)[] = [];
  await withServer((request, count) => {
    asked.push(request.headers.get("range"));
    if (count === 0) return new Response(partial(CONTENT.subarray(0, 12_345), "break"));
    return rest(request);
  }, async (folder, url) => {
    assert.equal(await downloadFacades({ ...QUICK, folder, archive: archive(url) }), 2);
    assert.equal(asked[0], null);
    assert.match(asked[1] ?? "", /^bytes=\d+-$/);
    assert.equal(asked.length, 2);
  });
});

Deno.test("downloadFacades() gives a silent connection up and tries again", async () => {
  await withServer((request, count) => {
    if (count > 0) return rest(request);
    return new Response(partial(CONTENT.subarray(0, 5000), "silence", request.signal));
  }, async (folder, url) => {
    const started = performance.now();
    assert.equal(await downloadFacades({ ...QUICK, folder, archive: archive(url) }), 2);
    assert.ok(performance.now() - started < 5000);
  });
});

Deno.test("downloadFacades() starts over with a server that ignores the range", async () => {
  await withServer(() => new Response(CONTENT), async (folder, url) => {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeFile(`${folder}.zip.part`, bytes(1000, 9));
    assert.equal(await downloadFacades({ ...QUICK, folder, archive: archive(url) }), 2);
  });
});

Deno.test("downloadFacades() throws wrong bytes away and turns to the next place", async () => {
  const wrong = CONTENT.map((byte, i) => i === 5000 ? byte ^ 1 : byte);
  const asked: string[] = [];
  await withServer((request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    return pathname === "/good" ? rest(request) : new Response(wrong);
  }, async (folder, url) => {
    const urls = [url, new URL("/good", url).href];
    assert.equal(
      await downloadFacades({ ...QUICK, folder, archive: { ...archive(url), urls } }),
      2,
    );
    assert.deepEqual(asked, ["/facades.zip", "/good"]);
  });
});

Deno.test("downloadFacades() says in one line what went wrong when no place delivers", async () => {
  const cases: [(request: Request) => Response, RegExp][] = [
    [() => new Response("gone", { status: 404 }), /the server answered 404/],
    [() => new Response(CONTENT.map((byte) => byte ^ 1)), /other bytes than expected/],
    [() => new Response(bytes(CONTENT.length + 1, 0)), /it sent more than the \d+ bytes expected/],
    [() => new Response(CONTENT.subarray(0, 100)), /it stopped at byte 100 of/],
  ];
  for (const [answer, message] of cases) {
    await withServer(answer, async (folder, url) => {
      await assert.rejects(
        downloadFacades({ ...QUICK, folder, url, retries: 2, archive: archive("http://unused") }),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, message);
          assert.match(error.message, /give a mirror with `url`$/);
          return true;
        },
      );
    });
  }
});

Deno.test("listZip() refuses paths that lead out of the folder", () => {
  for (
    const name of [
      "../evil.jpg",
      "a/../../evil.jpg",
      "/etc/evil.jpg",
      "..\\evil.jpg",
      "C:\\evil.jpg",
      "a\0b",
    ]
  ) {
    assert.throws(() => listZip(zip([{ name, data: bytes(10, 0) }])), /not safe to unpack/, name);
  }
  assert.equal(listZip(zip([{ name: "a..b/c.jpg", data: bytes(10, 0) }])).length, 1);
});

Deno.test("listZip() notices damage, wrong sizes and bombs", () => {
  const data = bytes(1000, 1);
  assert.throws(() => listZip(bytes(100, 1)), /its table of contents is missing/);
  assert.throws(() => listZip(zip([{ name: "a", data, crc: 1 }]))[0].read(), /a does not match/);
  assert.throws(() => listZip(zip([{ name: "a", data, size: 999 }]))[0].read(), /a does not match/);
  assert.throws(
    () => listZip(zip([{ name: "a", data, size: 2 ** 31 }])),
    /a claims 2147483648 bytes/,
  );
  const broken = zip([{ name: "a", data }]);
  broken.fill(0, 0, 4);
  assert.throws(() => listZip(broken)[0].read(), /a is not where it should be/);
});

Deno.test("downloadFacades() writes through no link planted where its files will lie", async () => {
  await withServer(rest, async (folder, url) => {
    await Deno.mkdir(folder, { recursive: true });
    const victim = join(folder, "..", "victim");
    await Deno.writeTextFile(victim, "precious");
    // Names that could be guessed, of the present and of earlier versions.
    for (const name of ["trainA_1.jpg", "trainA_1.jpg.tmp"]) {
      await Deno.symlink(victim, join(folder, name));
    }
    const options = { ...QUICK, folder, archive: archive(url) };
    assert.equal(await downloadFacades(options), 2);
    assert.deepEqual(await Deno.readFile(join(folder, "trainA_1.jpg")), bytes(30_000, 1));

    await Deno.symlink(victim, `${folder}.zip.part`);
    await assert.rejects(downloadFacades(options), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /\.zip\.part: a link or a folder stands there; remove it/);
      return true;
    });
    assert.equal(await Deno.readTextFile(victim), "precious");
  });
});
