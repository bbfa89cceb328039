import assert from "node:assert/strict";
import { type Machine, planSetup } from "../src/cli/setup/plan.ts";

const DEBIAN: Machine = {
  os: "linux",
  osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  root: true,
  ci: false,
  sudo: false,
  apt: true,
  mayInstall: true,
};

function told(machine: Machine): string {
  const plan = planSetup(machine);
  assert.ok(plan.do === "tell", JSON.stringify(plan));
  return plan.message;
}

Deno.test("planSetup() updates, then installs both packages, as root on Debian", () => {
  assert.deepEqual(planSetup(DEBIAN), {
    do: "install",
    commands: [
      ["apt-get", "update"],
      [
        "apt-get",
        "install",
        "--yes",
        "--no-install-recommends",
        "mesa-vulkan-drivers",
        "libvulkan1",
      ],
    ],
  });
});

Deno.test("planSetup() goes through sudo where it asks for no password, also on Ubuntu's kin", () => {
  const osRelease = 'NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n';
  const plan = planSetup({ ...DEBIAN, root: false, sudo: true, osRelease });
  assert.ok(plan.do === "install");
  assert.deepEqual(plan.commands.map((command) => command.slice(0, 3)), [
    ["sudo", "-n", "apt-get"],
    ["sudo", "-n", "apt-get"],
  ]);
});

Deno.test("planSetup() says what to run where it may not", () => {
  assert.match(told({ ...DEBIAN, root: false }), /sudo sh -c 'apt-get update && apt-get install/);
  assert.match(told({ ...DEBIAN, mayInstall: false }), /^FACADEGAN_NO_SETUP forbids/);
});

Deno.test("planSetup() names other systems' packages", () => {
  const on = (id: string): string =>
    told({ ...DEBIAN, apt: false, osRelease: `NAME=x\nID="${id}"\n` });
  assert.match(on("fedora"), /dnf install mesa-vulkan-drivers/);
  assert.match(on("arch"), /pacman -S vulkan-swrast/);
  assert.match(on("opensuse-tumbleweed"), /zypper install/);
  assert.match(on("alpine"), /apk add/);
  assert.match(on("plan9"), /Vulkan loader \(libvulkan\.so\.1\)/);
  assert.match(told({ ...DEBIAN, os: "darwin", apt: false }), /Metal/);
  assert.match(told({ ...DEBIAN, os: "windows", apt: false }), /Direct3D 12/);
});
