// Batch normalisation, 2 of 3: makes the merged sums into y = (x - mean) * scale + beta, and updates the
// running statistics as PyTorch does (momentum 0.1, unbiased variance), group after group.
//# if TRAINING
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> partial: array<vec4f>; // [group][chunk][sum, squares][C/4]
@group(0) @binding(2) var<storage, read> gamma: array<vec4f>;
@group(0) @binding(3) var<storage, read> beta: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> running: array<vec4f>; // [mean, variance][C/4]
@group(0) @binding(5) var<storage, read_write> folded: array<vec4f>; // [group][scale, beta, mean, 1/std][C/4]
@group(0) @binding(6) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let c = id.x / ${THREADS}u;
  let t = id.x % ${THREADS}u;
  //# if THREADS === 1
  if (c >= c4) { return; }
  //# end
  for (var group = 0u; group < sizes.groups; group++) {
    let merged = merge(group, c, t);
    if (t == 0u) {
      let difference = merged.sum * sizes.share;
      let mean = x[group * sizes.rows * c4 + c] + difference;
      let m2 = max(merged.other - merged.sum * difference, vec4f());
      let variance = m2 * sizes.share;
      let inverse = 1.0 / sqrt(variance + 1e-5);
      let coefficients = 4u * group * c4 + c;
      folded[coefficients] = gamma[c] * inverse;
      folded[coefficients + c4] = beta[c];
      folded[coefficients + 2u * c4] = mean;
      folded[coefficients + 3u * c4] = inverse;
      running[c] = mix(running[c], mean, 0.1);
      running[c4 + c] = mix(running[c4 + c], m2 * sizes.unbiased, 0.1);
    }
  }
}
//# else
// Evaluation: the running statistics themselves. One thread for four channels.
@group(0) @binding(0) var<storage, read> gamma: array<vec4f>;
@group(0) @binding(1) var<storage, read> beta: array<vec4f>;
@group(0) @binding(2) var<storage, read> running: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> folded: array<vec4f>;
@group(0) @binding(4) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let c = id.x;
  if (c >= c4) { return; }
  let scale = gamma[c] / sqrt(running[c4 + c] + 1e-5);
  folded[c] = scale;
  folded[c4 + c] = beta[c];
  folded[2u * c4 + c] = running[c];
}
//# end
