// Power iteration, 2 of 4: u = the shares' sum, made a unit vector. One workgroup.
@group(0) @binding(0) var<storage, read> partial: array<f32>; // [chunk][S]
@group(0) @binding(1) var<storage, read_write> u: array<f32>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) t: u32) {
  var square = 0.0;
  for (var s = t; s < sizes.s; s += ${THREADS}u) {
    var sum = 0.0;
    for (var chunk = 0u; chunk < sizes.chunks; chunk++) { sum += partial[chunk * sizes.s + s]; }
    u[s] = sum;
    square = fma(sum, sum, square);
  }
  let norm = sqrt(total(t, square));
  for (var s = t; s < sizes.s; s += ${THREADS}u) { u[s] /= max(norm, 1e-12); }
}
