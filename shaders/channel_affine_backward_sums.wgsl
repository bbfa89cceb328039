// Backward of y = activation((x - mean) * scale + beta), 1 of 3: sums over a chunk of rows, for each
// channel, of g (the gradient before the activation) and of g * (x - mean).
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [group][scale, beta, mean, 1/std][C/4]
@group(0) @binding(2) var<storage, read> gradient: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> partial: array<vec4f>; // [group][chunk][g, g*(x-mean)][C/4]
@group(0) @binding(4) var<storage, read> sizes: Sizes;

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) t: u32) {
  let c4 = sizes.c4;
  let p = part(workgroup, t);
  let coefficients = 4u * p.group * c4 + p.c;
  let scale = folded[coefficients];
  let beta = folded[coefficients + c4];
  let mean = folded[coefficients + 2u * c4];
  var sum = vec4f();
  var product = vec4f();
  for (var row = p.first + lane(t); row < p.last; row += ${LANES * UNROLL}u) {
    //# for i in 0..UNROLL
    //# if i > 0
    if (row + ${i * LANES}u < p.last)
    //# end
    {
      let at = (row + ${i * LANES}u) * c4 + p.c;
      let v = x[at];
      let g = gradient[at] * select(vec4f(sizes.slope), vec4f(1.0), fma(v - mean, scale, beta) > vec4f());
      sum += g;
      product = fma(g, v - mean, product);
    }
    //# end
  }
  add_up(t, &sum, &product);
  keep(p, t, sum, product);
}
