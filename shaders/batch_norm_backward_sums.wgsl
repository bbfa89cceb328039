// Backward of activation and batch normalisation, 1 of 3: sums over a chunk of rows, for each
// channel, of g (the gradient before the activation) and of g * (x - mean).
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, 1/std][C/4]
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partial: array<vec4f>; // [chunk][g, g*(x-mean)][C/4]
@group(0) @binding(4) var<storage, read> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  if (id.x >= sizes.chunks * c4) { return; }
  let c = id.x % c4;
  let chunk = id.x / c4;
  let first = chunk * sizes.chunk_rows;
  let last = min(first + sizes.chunk_rows, sizes.rows);
  let scale = folded[c];
  let beta = folded[c4 + c];
  let mean = folded[2u * c4 + c];
  var sum = vec4f();
  var product = vec4f();
  for (var row = first; row < last; row++) {
    let v = x[row * c4 + c];
    let g = gradient[row * c4 + c] * select(vec4f(sizes.slope), vec4f(1.0), fma(v - mean, scale, beta) > vec4f());
    sum += g;
    product = fma(g, v - mean, product);
  }
  partial[2u * chunk * c4 + c] = sum;
  partial[(2u * chunk + 1u) * c4 + c] = product;
}
