// Least squares (Mao et al., ICCV 2017, eq. 2): 0.5 * (s - label)^2.
fn element(s: f32) -> vec3f {
  let e = s - ${LABEL};
  return vec3f(0.5 * e * e, e, s);
}
