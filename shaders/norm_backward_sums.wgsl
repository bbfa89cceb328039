// Backward of activation and batch normalisation, 1 of 3: sums over a chunk of rows, for each
// channel, of g (the gradient before the activation) and of g * (x - mean).
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, 1/std][C/4]
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partial: array<vec4f>; // [chunk][g, g*(x-mean)][C/4]

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${CHUNKS * C4}u) { return; }
  let c = id.x % ${C4}u;
  let chunk = id.x / ${C4}u;
  let first = chunk * ${CHUNK_ROWS}u;
  let last = min(first + ${CHUNK_ROWS}u, ${ROWS}u);
  let scale = folded[c];
  let beta = folded[${C4}u + c];
  let mean = folded[${2 * C4}u + c];
  var sum = vec4f();
  var product = vec4f();
  for (var row = first; row < last; row++) {
    let v = x[row * ${C4}u + c];
    let g = gradient[row * ${C4}u + c] * select(vec4f(${SLOPE}), vec4f(1.0), fma(v - mean, scale, beta) > vec4f());
    sum += g;
    product = fma(g, v - mean, product);
  }
  partial[2u * chunk * ${C4}u + c] = sum;
  partial[(2u * chunk + 1u) * ${C4}u + c] = product;
}
