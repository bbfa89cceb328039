// Prefixed to kernels that make pictures element by element: `store(i, value)` puts the i-th four
// channels where the next kernel wants them, in a buffer or in a bordered texture (packing.ts).
//# if BORDERED
@group(0) @binding(${TARGET}) var result: texture_storage_2d_array<rgba32float, write>;

fn store(i: u32, value: vec4f) {
  let pixel = i / ${TARGET_C4}u;
  let row = pixel / ${TARGET_WIDTH}u;
  let at = (row % ${TARGET_HEIGHT}u + 1u) * ${TARGET_WIDTH + 2}u + pixel % ${TARGET_WIDTH}u + 1u;
  textureStore(result, vec2u(i % ${TARGET_C4}u, at), row / ${TARGET_HEIGHT}u, value);
}
//# else
@group(0) @binding(${TARGET}) var<storage, read_write> result: array<vec4f>;

fn store(i: u32, value: vec4f) {
  result[i] = value;
}
//# end

