// Batch normalisation, 1 of 3: mean and sum of squared deviations of each channel over a chunk of
// rows. Deviations are taken from the chunk's first row, which keeps the sums small and so exact.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunk][mean, m2][C/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${CHUNKS * C4}u) { return; }
  let c = id.x % ${C4}u;
  let chunk = id.x / ${C4}u;
  let first = chunk * ${CHUNK_ROWS}u;
  let last = min(first + ${CHUNK_ROWS}u, ${ROWS}u);
  let shift = x[first * ${C4}u + c];
  var sum = vec4f();
  var squares = vec4f();
  for (var row = first; row < last; row++) {
    let d = x[row * ${C4}u + c] - shift;
    sum += d;
    squares += d * d;
  }
  let mean = sum / f32(last - first);
  partial[2u * chunk * ${C4}u + c] = shift + mean;
  partial[(2u * chunk + 1u) * ${C4}u + c] = max(squares - sum * mean, vec4f());
}
