// Backward of batch normalisation, 2 of 3: adds the chunks up in a fixed order, gives the
// gradients of gamma and beta, and folds the rest into dx = a * g + b * x + c:
//   dx = gamma/std * (g - mean(g) - xhat * mean(g * xhat)),  xhat = (x - mean)/std
// (Ioffe and Szegedy, ICML 2015, section 3). THREADS threads for four channels, as
// in norm_finish.wgsl.
@group(0) @binding(0) var<storage, read> partial: array<vec4f>; // [chunk][g, g*(x-mean)][C/4]
@group(0) @binding(1) var<storage, read> folded: array<vec4f>; // [scale, beta, mean, 1/std][C/4]
@group(0) @binding(2) var<storage, read_write> backward: array<vec4f>; // [a, b, c][C/4]
@group(0) @binding(3) var<storage, read> sizes: Sizes;
//# if GRADIENTS !== "none"
@group(0) @binding(4) var<storage, read_write> d_gamma: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> d_beta: array<vec4f>;
//# end

//# if THREADS > 1
var<workgroup> sums: array<vec4f, ${THREADS}>;
var<workgroup> products: array<vec4f, ${THREADS}>;
//# end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c4 = sizes.c4;
  let c = id.x / ${THREADS}u;
  let t = id.x % ${THREADS}u;
  //# if THREADS === 1
  if (c >= c4) { return; }
  //# end
  var sum = vec4f();
  var product = vec4f();
  for (var chunk = t; chunk < sizes.chunks; chunk += ${THREADS}u) {
    sum += partial[2u * chunk * c4 + c];
    product += partial[(2u * chunk + 1u) * c4 + c];
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
    let mean = folded[2u * c4 + c];
    let inverse = folded[3u * c4 + c];
    let b = -scale * inverse * inverse * product * sizes.share;
    backward[c] = scale;
    backward[c4 + c] = b;
    backward[2u * c4 + c] = -scale * sum * sizes.share - b * mean;
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
