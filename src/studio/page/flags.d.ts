// deno-lint-ignore-file no-var -- globals of a page are declared so
// WebGPU's flags, which TypeScript's types of a page lack.
declare var GPUBufferUsage: Readonly<Record<string, number>>;
declare var GPUTextureUsage: Readonly<Record<string, number>>;
declare var GPUMapMode: Readonly<Record<string, number>>;
