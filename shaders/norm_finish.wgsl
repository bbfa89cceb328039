// Batch normalisation, 2 of 3: merges the chunks' statistics (Chan, Golub and LeVeque, 1979) in a
// fixed order into y = (x - mean) * scale + beta; updates the running statistics as
// PyTorch does (momentum 0.1, unbiased variance). THREADS threads for four channels: a workgroup on a
// GPU; one on a processor, where a barrier costs more than it saves.
//# if TRAINING
@group(0) @binding(0) var<storage, read> partial: array<vec4f>; // [chunk][mean, m2][C/4]
@group(0) @binding(1) var<storage, read> gamma: array<vec4f>;
@group(0) @binding(2) var<storage, read> beta: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> running: array<vec4f>; // [mean, variance][C/4]
@group(0) @binding(4) var<storage, read_write> folded: array<vec4f>; // [scale, beta, mean, 1/std][C/4]
@group(0) @binding(5) var<storage, read> sizes: Sizes;

//# if THREADS > 1
var<workgroup> means: array<vec4f, ${THREADS}>;
var<workgroup> m2s: array<vec4f, ${THREADS}>;
var<workgroup> counts: array<f32, ${THREADS}>;

fn merge(a: u32, b: u32) {
  let total = counts[a] + counts[b];
  if (counts[b] > 0.0) {
    let delta = means[b] - means[a];
    means[a] += delta * (counts[b] / total);
    m2s[a] += m2s[b] + delta * delta * (counts[a] * counts[b] / total);
    counts[a] = total;
  }
}
//# end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let c = id.x / ${THREADS}u;
  let t = id.x % ${THREADS}u;
  //# if THREADS === 1
  if (c >= c4) { return; }
  //# end
  var mean = vec4f();
  var m2 = vec4f();
  var count = 0.0;
  for (var chunk = t; chunk < sizes.chunks; chunk += ${THREADS}u) {
    let n = f32(min(sizes.chunk_rows, sizes.rows - chunk * sizes.chunk_rows));
    let delta = partial[2u * chunk * c4 + c] - mean;
    let total = count + n;
    mean += delta * (n / total);
    m2 += partial[(2u * chunk + 1u) * c4 + c] + delta * delta * (count * n / total);
    count = total;
  }
  //# if THREADS > 1
  means[t] = mean;
  m2s[t] = m2;
  counts[t] = count;
  //# for level in 0..6
  workgroupBarrier();
  if (t < ${32 >> level}u) { merge(t, t + ${32 >> level}u); }
  //# end
  mean = means[0];
  m2 = m2s[0];
  //# end
  if (t == 0u) {
    let variance = m2 / f32(sizes.rows);
    let inverse = 1.0 / sqrt(variance + 1e-5);
    let scale = gamma[c] * inverse;
    folded[c] = scale;
    folded[c4 + c] = beta[c];
    folded[2u * c4 + c] = mean;
    folded[3u * c4 + c] = inverse;
    running[c] = mix(running[c], mean, 0.1);
    running[c4 + c] = mix(running[c4 + c], m2 / f32(max(sizes.rows - 1u, 1u)), 0.1);
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
