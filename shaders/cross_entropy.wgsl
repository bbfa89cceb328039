// Cross-entropy from logits (Goodfellow et al., NeurIPS 2014): max(s, 0) - s * label +
// log(1 + exp(-|s|)), which never overflows. People read the logit through the sigmoid.

// log(1 + e) for e in [0, 1]: a series where 1 + e would round e away.
fn log1p(e: f32) -> f32 {
  return select(log(1.0 + e), e * (1.0 - e * (0.5 - e * (1.0 / 3.0))), e < 0.01);
}

fn element(s: f32) -> vec3f {
  let e = exp(-abs(s));
  let sigmoid = select(e, 1.0, s >= 0.0) / (1.0 + e);
  // sigmoid - label without cancellation where the label is 1 and the score large.
  let complement = select(1.0, e, s >= 0.0) / (1.0 + e);
  let gradient = sigmoid * ${1 - LABEL} - complement * ${LABEL};
  return vec3f(max(s, 0.0) - s * ${LABEL} + log1p(e), gradient, sigmoid);
}
