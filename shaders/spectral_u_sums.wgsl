// Power iteration, 1 of 4: shares of v W, one a chunk of rows.
@group(0) @binding(0) var<storage, read> weight: array<f32>; // [K][S]
@group(0) @binding(1) var<storage, read> v: array<f32>;
@group(0) @binding(2) var<storage, read_write> partial: array<f32>; // [chunk][S]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let chunk = i / sizes.s;
  if (chunk >= sizes.chunks) { return; }
  let last = min((chunk + 1u) * sizes.chunk_rows, sizes.k);
  var sum = 0.0;
  for (var k = chunk * sizes.chunk_rows; k < last; k++) {
    sum = fma(weight[k * sizes.s + i % sizes.s], v[k], sum);
  }
  partial[i] = sum;
}
