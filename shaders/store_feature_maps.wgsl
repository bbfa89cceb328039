// Prefixed to kernels that make pictures element by element: `store` puts four channels where the next
// kernel wants them: at `i` of a buffer, or at channels 4c.. of pixel (x, y, picture) of a padded
// texture (packing.ts) of so many channels, in fours.
//# if PADDED
@group(0) @binding(${TARGET}) var result: texture_storage_2d_array<rgba32float, write>;

fn store(i: u32, pixel: vec3u, c: u32, c4: u32, value: vec4f) {
  let pitch = c4 + select(0u, ${GAP}u, c4 >= ${GAP_FROM}u);
  textureStore(result, vec2u((pixel.x + 1u) * pitch + c, pixel.y + 1u), pixel.z, value);
}
//# else
@group(0) @binding(${TARGET}) var<storage, read_write> result: array<vec4f>;

fn store(i: u32, pixel: vec3u, c: u32, c4: u32, value: vec4f) {
  result[i] = value;
}
//# end

