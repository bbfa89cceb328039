// tanh to within two roundings. The built-in one may go through exp, which near zero, where young
// generators live, leaves a relative error several times that of the sums before it.
// Polynomial for small arguments: Cephes tanhf (Moshier).
fn accurate_tanh(x: vec4f) -> vec4f {
  let s = x * x;
  let p = fma(s, fma(s, fma(s, fma(s, vec4f(-5.70498872745e-3), vec4f(2.06390887954e-2)), vec4f(-5.37397155531e-2)), vec4f(1.33314422036e-1)), vec4f(-3.33332819422e-1));
  let large = 1.0 - 2.0 / (exp(2.0 * min(abs(x), vec4f(15.0))) + 1.0);
  return select(sign(x) * large, fma(x * s, p, x), abs(x) < vec4f(0.625));
}
