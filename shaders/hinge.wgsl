// Hinge (Lim and Ye, "Geometric GAN", 2017): the discriminator's max(0, 1 - label * s) with labels 1
// and -1; the generator's -label * s.
fn element(s: f32) -> vec3f {
  //# if ROLE === "discriminator"
  let margin = 1.0 - ${LABEL} * s;
  return vec3f(max(margin, 0.0), select(0.0, ${-LABEL}, margin > 0.0), s);
  //# end
  //# if ROLE === "generator"
  return vec3f(${-LABEL} * s, ${-LABEL}, s);
  //# end
}
