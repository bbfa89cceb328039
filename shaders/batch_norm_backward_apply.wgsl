// Backward of activation and batch normalisation, 3 of 3: dx = a * g + b * x + c. A thread takes four
// channels of STRIP neighbouring pixels, as in norm_apply.wgsl.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, ...][C/4]
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read> backward: array<vec4f>; // [a, b, c][C/4]
@group(0) @binding(5) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let width = sizes.width;
  let column = id.x / c4 * ${STRIP}u;
  if (column >= width) { return; }
  let c = id.x % c4;
  let first = ((id.z * sizes.height + id.y) * width + column) * c4 + c;
  let negative = vec4f(sizes.slope);
  let scale = folded[c];
  let beta = folded[c4 + c];
  let mean = folded[2u * c4 + c];
  let of_gradient = backward[c];
  let of_x = backward[c4 + c];
  let constant = backward[2u * c4 + c];
  //# for r in 0..STRIP
  let v${r} = x[first + ${r}u * c4];
  let slope${r} = select(negative, vec4f(1.0), fma(v${r} - mean, scale, beta) > vec4f());
  store(first + ${r}u * c4, vec3u(column + ${r}u, id.yz), c, width, fma(gradient[first + ${r}u * c4] * slope${r}, of_gradient, fma(v${r}, of_x, constant)));
  //# end
}
