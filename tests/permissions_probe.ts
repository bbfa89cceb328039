/** Prints what Deno refuses to this process of: reading, writing, connecting, starting programs, importing. */

const ATTEMPTS: Record<string, () => unknown> = {
  read: () => Deno.readTextFile("/etc/hostname"),
  write: () => Deno.writeTextFile(Deno.args[0], "written"),
  // Nobody listens there: where connecting is allowed, it is refused at once by the system instead.
  connect: () => Deno.connect({ hostname: "127.0.0.2", port: 1 }),
  run: () => new Deno.Command("/bin/true").output(),
  environment: () => Deno.env.get("AWS_SECRET_ACCESS_KEY"),
};

const refused: string[] = [];
for (const [what, attempt] of Object.entries(ATTEMPTS)) {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) refused.push(what);
  }
}
console.log(refused.join(" "));
