/**
 * The GPU: adapter, device, limits, features, and what to do when there is none.
 *
 * @module
 */

import { UserError } from "../errors.ts";
import { everyLaneReadsTextures } from "./texture_lanes.ts";

/** The system's interface to the GPU that an adapter is reached through. */
export type Backend = "Vulkan" | "OpenGL" | "Metal" | "Direct3D 12";

/** What a person wants to know of an adapter, and what a run writes down. */
export interface AdapterSummary {
  /** The adapter's name as the driver gives it. */
  readonly name: string;
  /** The vendor, a name or a PCI number. */
  readonly vendor: string;
  /** The chip family, where the driver tells. */
  readonly architecture: string;
  /** Whether it is a software adapter. */
  readonly software: boolean;
  /** The interface it is reached through, where that is known. */
  readonly backend?: Backend | undefined;
  /** Features the device was opened with. */
  readonly features: readonly string[];
  /** Invocations in a subgroup, the fewest and the most; where the driver tells. */
  readonly subgroupSizes: readonly [number, number] | undefined;
  /** Limits the device was opened with. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Limits worth raising from WebGPU's small defaults to whatever the adapter has. */
const RAISED_LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxUniformBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxUniformBuffersPerShaderStage",
  "maxTextureDimension2D",
  "maxTextureArrayLayers",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
] as const;

/** Features used where they are there; nothing here needs one. */
const WANTED_FEATURES: readonly GPUFeatureName[] = ["timestamp-query", "shader-f16"];

/** What a device may find wrong with what it is asked to do. */
const ERROR_SCOPES = ["validation", "out-of-memory", "internal"] as const;

/** How long a device may take to say that it was lost, in milliseconds. */
const LATE_MS = 500;

/** The device has no memory left for what it was asked to make. */
export class OutOfMemoryError extends UserError {
  /** The class name. */
  override name = "OutOfMemoryError";
}

/** The device is gone, and everything on it: a fresh one may be had. */
export class DeviceLostError extends UserError {
  /** The class name. */
  override name = "DeviceLostError";
}

/** An open GPU device. Everything of one training run lives on one of these. */
export class Gpu {
  /** The WebGPU device. */
  readonly device: GPUDevice;
  /** The adapter in words. */
  readonly summary: AdapterSummary;
  /** Compiled pipelines by their specialised source; see kernel.ts. */
  readonly pipelines: Map<string, GPUComputePipeline>;
  readonly #parent: Gpu | undefined;
  #failure: string | undefined;
  #lost: string | undefined;
  /** What the device had to say of the last work: of earlier work it speaks earlier. */
  #told: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Wraps an open device, use {@linkcode openGpu}; or shares one, use {@linkcode Gpu.share}. */
  constructor(device: GPUDevice, summary: AdapterSummary, parent?: Gpu) {
    this.device = device;
    this.summary = summary;
    this.#parent = parent;
    this.pipelines = parent?.pipelines ?? new Map();
    if (parent) return;
    device.addEventListener("uncapturederror", (event) => {
      this.#failure ??= (event as GPUUncapturedErrorEvent).error.message;
    });
    device.lost.then((info) => {
      // Somebody else may destroy it, too: a page, or a driver that is taken away.
      if (!this.#closed) this.#lost = `the device was lost: ${info.message}`;
    });
  }

  /** The same device with an account of errors of its own, so that one user's do not hit others. */
  share(): Gpu {
    return new Gpu(this.device, this.summary, this);
  }

  /** Does work on the device; what the device finds wrong with it goes on this account alone. */
  within<T>(work: () => T): T {
    for (const scope of ERROR_SCOPES) this.device.pushErrorScope(scope);
    try {
      return work();
    } finally {
      const told = ERROR_SCOPES.map(() =>
        this.device.popErrorScope().then(
          (error) => {
            if (error) this.#failure ??= error.message;
          },
          () => {}, // the device was lost: said by the promise of that
        )
      );
      this.#told = Promise.all(told);
    }
  }

  /**
   * Waits until the device has told what it finds wrong with the work so far, and throws that.
   *
   * @throws {UserError} If it ran out of memory or was lost.
   */
  async settled(): Promise<void> {
    await this.#told;
    this.check();
  }

  /** Whether the adapter is a software adapter. */
  get software(): boolean {
    return this.summary.software;
  }

  /** Whether the device was opened with a feature. */
  has(feature: string): boolean {
    return this.summary.features.includes(feature);
  }

  /**
   * Throws what went wrong on this account since it was opened, if anything did. WebGPU reports
   * errors late and apart from the call that caused them, so every read-back asks here.
   *
   * @throws {DeviceLostError} If the device was lost.
   * @throws {UserError} If the device ran out of memory.
   */
  check(): void {
    const lost = (this.#parent ?? this).#lost;
    // What else went wrong may be because of that.
    if (lost !== undefined) {
      throw new DeviceLostError(
        `the GPU gave up (${lost}); try a smaller \`batch\` or \`width\``,
      );
    }
    const failure = this.#failure;
    if (failure === undefined) return;
    if (/memory|lost/i.test(failure)) {
      throw new OutOfMemoryError(
        `the GPU gave up (${failure}); try a smaller \`batch\` or \`width\``,
      );
    }
    throw new Error(`WebGPU: ${failure}`);
  }

  /**
   * {@linkcode check} for a read-back that failed: that of a lost device fails before the device says why.
   *
   * @throws {UserError} If the device ran out of memory or was lost.
   */
  async checkFailed(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, LATE_MS);
    await Promise.race([this.device.lost, late.promise]);
    clearTimeout(timer);
    this.check();
  }

  /** Frees the device and everything on it, whoever shares it. */
  close(): void {
    const owner = this.#parent ?? this;
    const gone = owner.#closed || owner.#lost !== undefined;
    owner.#closed = true;
    this.pipelines.clear();
    if (!gone) this.device.destroy(); // once: a driver need not bear a second time
  }

  /** Frees the device at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Opens the fastest adapter there is; `backendOf` tells its backend, which WebGPU does not.
 *
 * @throws {UserError} If this machine has no adapter, or a software adapter that computes wrongly
 * with the vectors it was told to use.
 */
export async function openGpu(
  backendOf: (info: GPUAdapterInfo) => Backend | undefined = () => undefined,
): Promise<Gpu> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new UserError(
      "no GPU adapter found: install your GPU's Vulkan driver, or a software adapter " +
        "(mesa-vulkan-drivers and libvulkan1 on Debian and Ubuntu)",
    );
  }
  const limits: Record<string, number> = {};
  for (const name of RAISED_LIMITS) limits[name] = adapter.limits[name];
  const features = WANTED_FEATURES.filter((feature) => adapter.features.has(feature));
  const open = (requiredFeatures: GPUFeatureName[]): Promise<GPUDevice> =>
    adapter.requestDevice({ requiredFeatures, requiredLimits: limits });
  // Subgroups are hidden from adapter.features, yet may be granted: ask, and do without if refused.
  const withSubgroups = [...features, "subgroups" as GPUFeatureName];
  const attempts = [withSubgroups, [...features]];
  for (const wanted of attempts) {
    const device = await open(wanted).catch((error) => {
      if (wanted === attempts.at(-1)) throw error;
    });
    if (!device) continue;
    const gpu = new Gpu(device, {
      name: adapter.info.description || adapter.info.device || "unnamed adapter",
      vendor: adapter.info.vendor,
      architecture: adapter.info.architecture,
      software: adapter.info.isFallbackAdapter,
      backend: backendOf(adapter.info),
      features: wanted,
      subgroupSizes: wanted === withSubgroups && adapter.info.subgroupMaxSize > 0
        ? [adapter.info.subgroupMinSize, adapter.info.subgroupMaxSize]
        : undefined,
      limits,
    });
    try {
      await checkWideVectors(gpu);
    } catch (error) {
      gpu.close();
      throw error;
    }
    return gpu;
  }
  throw new Error("unreachable: the last attempt either returns or throws");
}

/** Where a software adapter's vectors may be told to be wider than it reads textures with. */
async function checkWideVectors(gpu: Gpu): Promise<void> {
  const lanes = gpu.summary.subgroupSizes?.[0] ?? 0;
  if (!gpu.software || lanes <= NARROWEST || await everyLaneReadsTextures(gpu, lanes)) return;
  throw new UserError(
    `${gpu.summary.name} reads textures wrongly with vectors of ${32 * lanes} bits, as Mesa does ` +
      `with 512 from 25.0 on: set LP_NATIVE_VECTOR_WIDTH to ${16 * lanes}`,
  );
}

/** Lanes of the narrowest vectors there are. */
const NARROWEST = 4;
