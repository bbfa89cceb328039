// Power iteration, 4 of 4: v = W u made a unit vector; its length is sigma = u W v, the norm of W. One workgroup.
@group(0) @binding(0) var<storage, read> product: array<f32>; // [K]
@group(0) @binding(1) var<storage, read_write> v: array<f32>;
@group(0) @binding(2) var<storage, read_write> sigma: array<f32>; // [sigma, ...]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) t: u32) {
  var square = 0.0;
  for (var k = t; k < sizes.k; k += ${THREADS}u) { square = fma(product[k], product[k], square); }
  let norm = max(sqrt(total(t, square)), 1e-12);
  for (var k = t; k < sizes.k; k += ${THREADS}u) { v[k] = product[k] / norm; }
  if (t == 0u) { sigma[0] = norm; }
}
