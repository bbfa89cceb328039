// WebGPU's flags, which TypeScript's types of a page lack.
declare var GPUBufferUsage: Readonly<Record<string, number>>;
declare var GPUTextureUsage: Readonly<Record<string, number>>;
declare var GPUMapMode: Readonly<Record<string, number>>;
