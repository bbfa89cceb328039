/** What `deno publish` would send, served over HTTP: how a user's program gets at the library. */

const ROOT = new URL("../", import.meta.url);

/** The paths that would be published, from the project's root: `src/cli/main.ts`. */
export async function publishedFiles(): Promise<Set<string>> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check", "--allow-slow-types"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (!success) throw new Error(said);
  const root = ROOT.href;
  return new Set(
    [...said.matchAll(/^ +(file:\S+) \([\d.]+\w+\)$/gm)]
      .filter(([, url]) => url.startsWith(root)).map(([, url]) => url.slice(root.length)),
  );
}

/** A server that hands out what would be published, and nothing else. */
export interface PublishedServer extends AsyncDisposable {
  /** Its host and port. */
  readonly host: string;
  /** The paths asked for so far. */
  readonly asked: readonly string[];
}

/** Serves what would be published. */
export async function servePublished(): Promise<PublishedServer> {
  const files = await publishedFiles();
  const asked: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const path = new URL(request.url).pathname.slice(1);
      asked.push(path);
      if (!files.has(path)) return new Response("not found", { status: 404 });
      const type = path.endsWith(".ts")
        ? "application/typescript"
        : path.endsWith(".js")
        ? "text/javascript"
        : "text/plain";
      const headers = { "content-type": type };
      return new Response(await Deno.readFile(new URL(path, ROOT)), { headers });
    },
  );
  return {
    host: `127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
