// y = activation((x - mean) * scale + beta), channel by channel. Near the activation's kink x - mean is
// exact: the sign comes out right. A thread takes four channels of STRIP neighbouring pixels, so that it
// loads their coefficients once.
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [group][scale, beta, mean, ...][C/4]
@group(0) @binding(3) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let width = sizes.width;
  let column = id.x / c4 * ${STRIP}u;
  if (column >= width) { return; }
  let c = id.x % c4;
  let first = ((id.z * sizes.height + id.y) * width + column) * c4 + c;
  let coefficients = id.z / sizes.pictures * 4u * c4 + c;
  let scale = folded[coefficients];
  let beta = folded[coefficients + c4];
  let mean = folded[coefficients + 2u * c4];
  //# for r in 0..STRIP
  let v${r} = fma(x[first + ${r}u * c4] - mean, scale, beta);
  store(first + ${r}u * c4, vec3u(column + ${r}u, id.yz), c, c4, max(v${r}, sizes.slope * v${r}));
  //# end
}
