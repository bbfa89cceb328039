/**
 * The studio's server: its page and, read only, the runs of a folder, on loopback alone.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { listRuns, RunFolder } from "../run/folder.ts";
import { MetricsReader } from "../run/metrics_log.ts";
import { readRunConfig } from "../run/run_config.ts";
import type { Assets } from "./bundle.ts";
import type { RunEntry } from "./run_entry.ts";

/** What the page may do: run its own scripts, draw, and talk to this server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** What the server hands out. */
export interface StudioContent {
  /** The page's files. */
  readonly assets: Assets;
  /** The folder of runs, or a run's own folder. */
  readonly runs: string;
}

/** A server that runs. */
export interface Studio extends AsyncDisposable {
  /** The page's address, its token included. */
  readonly url: string;
  /** Resolves once it has ended. */
  readonly finished: Promise<void>;
}

/**
 * Starts the server on loopback; a random token in the address keeps other users of the machine out.
 *
 * @throws {UserError} If the port is taken.
 */
export function serveStudio(content: StudioContent, port: number): Studio {
  const known: Known = { ids: new Map(), readers: new Map() };
  const token = crypto.getRandomValues(new Uint8Array(16)).toHex();
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
      const response = await answer(request, content, known, token, server.addr.port);
      for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
      return response;
    });
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new UserError(`port ${port} is taken: choose another --port`);
  }
  return {
    url: `http://127.0.0.1:${server.addr.port}/${token}/`,
    finished: server.finished,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** What the server remembers of runs, by their folder. */
interface Known {
  /** The number by which pages ask for a run: the same as long as the server runs. */
  readonly ids: Map<string, number>;
  /** What was read of its metrics so far: pages ask every second. */
  readonly readers: Map<string, MetricsReader>;
}

async function answer(
  request: Request,
  content: StudioContent,
  known: Known,
  token: string,
  port: number,
): Promise<Response> {
  // A page elsewhere could lead a browser here under another name; only our own page may ask.
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(request.headers.get("host") ?? "")) return refusal(403);
  const origin = request.headers.get("origin");
  if (origin !== null && !hosts.includes(origin.replace("http://", ""))) return refusal(403);
  if (request.method !== "GET" && request.method !== "HEAD") return refusal(405);
  const [, given, ...path] = new URL(request.url).pathname.split("/");
  if (!sameText(given ?? "", token)) return refusal(403);
  const name = path.join("/") || "index.html";
  const asset = content.assets.get(name);
  if (asset) return new Response(asset.body, { headers: { "content-type": asset.type } });
  const found = path[0] === "api"
    ? await ask(path.slice(1), request.url, content.runs, known)
    : undefined;
  return found ?? refusal(404);
}

/** Compares in a time that does not tell how much of it is right. */
function sameText(a: string, b: string): boolean {
  let different = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) different |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return different === 0;
}

function refusal(status: number): Response {
  return new Response("", { status });
}

/**
 * `runs`; `runs/ID/metrics?from=STEP`; `runs/ID/samples/STEP`; `runs/ID/checkpoints/STEP`. Runs and
 * steps are looked up among those there are: no path is made of what was asked.
 */
async function ask(
  [what, id, kind, step]: readonly string[],
  url: string,
  parent: string,
  { ids, readers }: Known,
): Promise<Response | undefined> {
  if (what !== "runs") return undefined;
  const runs = await runsIn(parent);
  for (const { path } of runs) if (!ids.has(path)) ids.set(path, ids.size);
  if (id === undefined) {
    return Response.json(await Promise.all(runs.map((run) => describe(run, ids.get(run.path)!))));
  }
  const run = runs.find(({ path }) => `${ids.get(path)}` === id);
  if (!run) return undefined;
  if (kind === "metrics") {
    const from = Number(new URL(url).searchParams.get("from") ?? 0);
    let reader = readers.get(run.path);
    if (!reader) readers.set(run.path, reader = new MetricsReader(run.metrics));
    const metrics = await reader.read();
    return Response.json(metrics.filter((one) => one.step >= from));
  }
  if (kind === "samples" && (await run.sampleSteps()).includes(Number(step))) {
    return await file(run.sample(Number(step)), "image/png");
  }
  if (kind === "checkpoints" && (await run.checkpointSteps()).includes(Number(step))) {
    return await file(run.checkpoint(Number(step)), "application/octet-stream");
  }
}

async function runsIn(parent: string): Promise<RunFolder[]> {
  const itself = new RunFolder(parent);
  return await itself.exists() ? [itself] : await listRuns(parent);
}

async function describe(run: RunFolder, id: number): Promise<RunEntry> {
  const config = await readRunConfig(run).catch(() => undefined);
  return {
    id,
    name: run.path,
    train: { ...config?.train },
    sessions: config?.sessions.map(({ time }) => time) ?? [],
    samples: await run.sampleSteps(),
    checkpoints: await run.checkpointSteps(),
  };
}

async function file(path: string, type: string): Promise<Response> {
  const bytes = await Deno.readFile(path).catch(() => undefined); // dropped since it was listed
  return bytes ? new Response(bytes, { headers: { "content-type": type } }) : refusal(404);
}
