// Backward of spectral normalisation, 2 of 3: adds the shares up. One workgroup.
@group(0) @binding(0) var<storage, read> partial: array<f32>; // [GROUPS]
@group(0) @binding(1) var<storage, read_write> sigma: array<f32>; // [sigma, <G, W / sigma>]

@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) t: u32) {
  var sum = 0.0;
  for (var i = t; i < ${GROUPS}u; i += ${THREADS}u) { sum += partial[i]; }
  let all = total(t, sum);
  if (t == 0u) { sigma[1] = all; }
}
