// Backward of batch normalisation, 2 of 3: adds the chunks up in a fixed order, gives the
// gradients of gamma and beta, and folds the rest into dx = a * g + b * x + c:
//   dx = gamma/std * (g - mean(g) - xhat * mean(g * xhat)),  xhat = (x - mean)/std
// (Ioffe and Szegedy, ICML 2015, section 3).
@group(0) @binding(0) var<storage, read> partial: array<vec4f>; // [group][chunk][g, g*(x-mean)][C/4]
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [group][scale, beta, mean, 1/std][C/4]
@group(0) @binding(2) var<storage, read_write> backward: array<vec4f>; // [group][a, b, c][C/4]
@group(0) @binding(3) var<storage, read> sizes: Sizes;
//# if GRADIENTS !== "none"
@group(0) @binding(4) var<storage, read_write> d_gamma: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> d_beta: array<vec4f>;
//# end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let c = id.x / ${THREADS}u;
  let t = id.x % ${THREADS}u;
  //# if THREADS === 1
  if (c >= c4) { return; }
  //# end
  var d_gamma_sum = vec4f();
  var d_beta_sum = vec4f();
  for (var group = 0u; group < sizes.groups; group++) {
    let merged = merge(group, c, t);
    if (t == 0u) {
      let coefficients = 4u * group * c4 + c;
      let scale = folded[coefficients];
      let mean = folded[coefficients + 2u * c4];
      let inverse = folded[coefficients + 3u * c4];
      let b = -scale * inverse * inverse * merged.other * sizes.share;
      let into = 3u * group * c4 + c;
      backward[into] = scale;
      backward[into + c4] = b;
      backward[into + 2u * c4] = -scale * merged.sum * sizes.share - b * mean;
      d_gamma_sum += merged.other * inverse;
      d_beta_sum += merged.sum;
    }
  }
  //# if GRADIENTS !== "none"
  if (t == 0u) {
    d_gamma[c] = d_gamma_sum;
    d_beta[c] = d_beta_sum;
  }
  //# end
}
