/**
 * What to do where no adapter is found, or only one behind OpenGL, decided from what is known of the machine.
 *
 * @module
 */

/** What is known of the machine. */
export interface Machine {
  /** The operating system, as Deno names it. */
  readonly os: typeof Deno.build.os;
  /** The content of /etc/os-release, where there is one. */
  readonly osRelease: string;
  /** Whether the user is root. */
  readonly root: boolean;
  /** Whether it works for continuous integration: nobody is there to ask. */
  readonly ci: boolean;
  /** Whether sudo runs without asking for a password. */
  readonly sudo: boolean;
  /** Whether apt-get is there. */
  readonly apt: boolean;
  /** Whether installing is allowed. */
  readonly mayInstall: boolean;
}

/** Commands to run, or what to tell the user. */
export type Plan =
  | { readonly do: "install"; readonly commands: readonly (readonly string[])[] }
  | { readonly do: "tell"; readonly message: string };

const DEBIAN_PACKAGES = ["mesa-vulkan-drivers", "libvulkan1"];

/** How other systems call the packages. */
const ELSEWHERE: readonly (readonly [ids: readonly string[], line: string])[] = [
  [["fedora", "rhel", "centos"], "sudo dnf install mesa-vulkan-drivers vulkan-loader"],
  [["arch"], "sudo pacman -S vulkan-swrast vulkan-icd-loader"],
  [["suse", "opensuse"], "sudo zypper install libvulkan_lvp libvulkan1"],
  [["alpine"], "apk add mesa-vulkan-swrast vulkan-loader"],
  [["void"], "sudo xbps-install mesa-vulkan-lavapipe vulkan-loader"],
  [["gentoo"], 'sudo VIDEO_CARDS="lavapipe" emerge media-libs/mesa media-libs/vulkan-loader'],
];

/** Decides how to get an adapter behind Vulkan, or whatever serves on another system. */
export function planSetup(machine: Machine): Plan {
  const ids = distributionIds(machine.osRelease);
  const aptLine = `apt-get update && apt-get install ${DEBIAN_PACKAGES.join(" ")}`;
  if (machine.os === "linux" && machine.apt && (ids.has("debian") || ids.has("ubuntu"))) {
    if (!machine.mayInstall) {
      return tell(`FACADEGAN_NO_SETUP forbids installing one; as root, run: ${aptLine}`);
    }
    if (!machine.root && !machine.sudo) {
      return tell(`you are not root and sudo asks for a password; run: sudo sh -c '${aptLine}'`);
    }
    const prefix = machine.root ? [] : ["sudo", "-n"];
    return {
      do: "install",
      commands: [
        [...prefix, "apt-get", "update"],
        [...prefix, "apt-get", "install", "--yes", "--no-install-recommends", ...DEBIAN_PACKAGES],
      ],
    };
  }
  if (machine.os === "darwin") {
    return tell("WebGPU uses Metal here, which needs macOS 10.15 or later and no package");
  }
  if (machine.os === "windows") {
    return tell("WebGPU uses Direct3D 12 here: install your graphics card's current driver");
  }
  const line = ELSEWHERE.find(([names]) => names.some((name) => ids.has(name)))?.[1];
  return tell(
    line
      ? `install a Vulkan driver: your graphics card's, or the software one with: ${line}`
      : "install a Vulkan loader (libvulkan.so.1) and a Vulkan driver: your graphics card's, or " +
        "Mesa's software driver lavapipe",
  );
}

function tell(message: string): Plan {
  return { do: "tell", message };
}

/** The values of ID and ID_LIKE in /etc/os-release. */
function distributionIds(osRelease: string): Set<string> {
  const lines = osRelease.matchAll(/^ID(?:_LIKE)?=["']?([^"'\n]*)/gm);
  return new Set([...lines].flatMap(([, ids]) => ids.toLowerCase().split(/[\s-]+/)));
}
