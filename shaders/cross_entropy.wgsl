// Cross-entropy from logits (Goodfellow et al., NeurIPS 2014) in one pass over the scores: the
// loss mean(max(s, 0) - s * label + log(1 + exp(-|s|))), which never overflows, the mean of
// sigmoid(s), and the gradient (sigmoid(s) - label) / B. One workgroup.
struct Step { seed: u32, step: u32, slot: u32, unused: u32, step_size: f32, inv_sqrt_bias2: f32, ema: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> scores: array<f32>;
@group(0) @binding(2) var<storage, read_write> d_scores: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: array<f32>; // [slot][8]

var<workgroup> sums: array<vec2f, 64>;

// log(1 + e) for e in [0, 1]: a series where 1 + e would round e away.
fn log1p(e: f32) -> f32 {
  return select(log(1.0 + e), e * (1.0 - e * (0.5 - e * (1.0 / 3.0))), e < 0.01);
}

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) t: u32) {
  var sum = vec2f();
  for (var b = t; b < ${BATCH}u; b += 64u) {
    let s = scores[b];
    let e = exp(-abs(s));
    let sigmoid = select(e, 1.0, s >= 0.0) / (1.0 + e);
    // sigmoid - label without cancellation where the label is 1 and the score large.
    let complement = select(1.0, e, s >= 0.0) / (1.0 + e);
    d_scores[b] = (sigmoid * ${1 - LABEL} - complement * ${LABEL}) * ${SCALE / BATCH};
    sum += vec2f(max(s, 0.0) - s * ${LABEL} + log1p(e), sigmoid);
  }
  sums[t] = sum;
  //# for level in 0..6
  workgroupBarrier();
  if (t < ${32 >> level}u) { sums[t] += sums[t + ${32 >> level}u]; }
  //# end
  if (t == 0u) {
    metrics[8u * step.slot + ${LOSS_AT}u] = sums[0].x / ${BATCH}.0;
    metrics[8u * step.slot + ${SCORE_AT}u] = sums[0].y / ${BATCH}.0;
  }
}
