// Backward of batch normalisation, 2 of 3: adds the chunks up in a fixed order, gives the
// gradients of gamma and beta, and folds the rest into dx = a * g + b * x + c:
//   dx = gamma/std * (g - mean(g) - xhat * mean(g * xhat)),  xhat = (x - mean)/std
// (Ioffe and Szegedy, ICML 2015, section 3). THREADS threads for four channels, as
// in norm_finish.wgsl.
@group(0) @binding(0) var<storage, read> partial: array<vec4f>; // [chunk][g, g*(x-mean)][C/4]
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, 1/std][C/4]
@group(0) @binding(2) var<storage, read_write> backward: array<vec4f>; // [a, b, c][C/4]
//# if GRADIENTS !== "none"
@group(0) @binding(3) var<storage, read_write> d_gamma: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> d_beta: array<vec4f>;
//# end

//# if THREADS > 1
var<workgroup> sums: array<vec4f, ${THREADS}>;
var<workgroup> products: array<vec4f, ${THREADS}>;
//# end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x / ${THREADS}u;
  let t = id.x % ${THREADS}u;
  //# if THREADS === 1
  if (c >= ${C4}u) { return; }
  //# end
  var sum = vec4f();
  var product = vec4f();
  for (var chunk = t; chunk < ${CHUNKS}u; chunk += ${THREADS}u) {
    sum += partial[2u * chunk * ${C4}u + c];
    product += partial[(2u * chunk + 1u) * ${C4}u + c];
  }
  //# if THREADS > 1
  sums[t] = sum;
  products[t] = product;
  //# for level in 0..6
  workgroupBarrier();
  if (t < ${32 >> level}u) {
    sums[t] += sums[t + ${32 >> level}u];
    products[t] += products[t + ${32 >> level}u];
  }
  //# end
  sum = sums[0];
  product = products[0];
  //# end
  if (t == 0u) {
    let scale = folded[c];
    let mean = folded[${2 * C4}u + c];
    let inverse = folded[${3 * C4}u + c];
    let b = -scale * inverse * inverse * product / ${ROWS}.0;
    backward[c] = scale;
    backward[${C4}u + c] = b;
    backward[${2 * C4}u + c] = -scale * sum / ${ROWS}.0 - b * mean;
    //# if GRADIENTS === "add"
    d_gamma[c] += product * inverse;
    d_beta[c] += sum;
    //# end
    //# if GRADIENTS === "write"
    d_gamma[c] = product * inverse;
    d_beta[c] = sum;
    //# end
  }
}
