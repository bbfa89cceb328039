/** Runs what needs the packages that src/judge/kid.json alone has. */

const ROOT = new URL("..", import.meta.url);
const SCRIPT = new URL("feature_network_run.ts", import.meta.url);
const CONFIG = new URL("src/judge/kid.json", ROOT).pathname;
const PACKAGES = ["npm:onnxruntime-web@1.30.0", "npm:ml-matrix@6.15.1"];

/** Whether those packages are here, or can be had. */
export async function featurePackagesAreThere(): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "-q", "-c", CONFIG, "--frozen", ...PACKAGES],
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/** What a network, the bytes of an ONNX file, says of pictures [count, size, size, 3]. */
export async function runFeatureNetwork(
  network: Uint8Array,
  range: string,
  { size, data }: { readonly size: number; readonly data: Uint8Array },
): Promise<{ count: number; length: number; data: string }> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/network.onnx`, network);
    await Deno.writeFile(`${folder}/pictures`, data);
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "--no-prompt", "--frozen", "-c", CONFIG, "-P=files"]
        .concat(SCRIPT.pathname, folder, range, String(size)),
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
