// A loss in one pass over the scores of a batch: the mean loss, the mean score, and the gradient of
// the mean with respect to each score. What one score gives, `element` of the loss's own file says:
// its loss, its gradient, and the score as people read it. One workgroup.
struct Step { seed: u32, step: u32, slot: u32, unused: u32, step_size: f32, inv_sqrt_bias2: f32, ema: f32 }
@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<storage, read> scores: array<f32>;
@group(0) @binding(2) var<storage, read_write> d_scores: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: array<f32>; // [slot][8]

var<workgroup> sums: array<vec2f, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) t: u32) {
  var sum = vec2f();
  for (var b = t; b < ${BATCH}u; b += 64u) {
    let e = element(scores[${FIRST}u + b]);
    d_scores[${FIRST}u + b] = e.y * ${SCALE / BATCH};
    sum += e.xz;
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
