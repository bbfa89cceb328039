// Backward of y = activation((x - mean) * scale + beta), 3 of 3: dx = a * g + b * x + c. A thread takes
// four channels of STRIP neighbouring pixels, as in channel_affine_apply.wgsl.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [group][scale, beta, mean, ...][C/4]
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read> backward: array<vec4f>; // [group][a, b, c][C/4]
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
  let group = id.z / sizes.pictures;
  let coefficients = 4u * group * c4 + c;
  let scale = folded[coefficients];
  let beta = folded[coefficients + c4];
  let mean = folded[coefficients + 2u * c4];
  let of_backward = 3u * group * c4 + c;
  let of_gradient = backward[of_backward];
  let of_x = backward[of_backward + c4];
  let constant = backward[of_backward + 2u * c4];
  //# for r in 0..STRIP
  let v${r} = x[first + ${r}u * c4];
  let slope${r} = select(negative, vec4f(1.0), fma(v${r} - mean, scale, beta) > vec4f());
  store(first + ${r}u * c4, vec3u(column + ${r}u, id.yz), c, c4, fma(gradient[first + ${r}u * c4] * slope${r}, of_gradient, fma(v${r}, of_x, constant)));
  //# end
}
