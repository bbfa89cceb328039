// What becomes of one picture: the same in the forward and in the backward pass of a step.
struct Fate {
  light: f32,       // added
  saturation: f32,  // distance from the pixel's grey, times this
  contrast: f32,    // distance from the picture's mean, times this
  shift: vec2i,     // the pixel that comes to (0, 0)
  hole: vec2i,      // the first pixel of the hole
}

fn fate(picture: u32) -> Fate {
  let number = 2u * (${FIRST}u + picture);
  let u = to_unit(hash4(vec4u(step.seed, ${PURPOSE}u, step.step, number)));
  let v = hash4(vec4u(step.seed, ${PURPOSE}u, step.step, number + 1u)) >> vec4u(8u);
  var f = Fate(0.0, 1.0, 1.0, vec2i(), vec2i());
  //# if COLOUR
  f.light = u.x - 0.5;
  f.saturation = 2.0 * u.y;
  f.contrast = u.z + 0.5;
  //# end
  //# if TRANSLATION
  f.shift = vec2i(v.xy % ${2 * SHIFT + 1}u) - ${SHIFT};
  //# end
  //# if CUTOUT
  f.hole = vec2i(v.zw % ${SIZE + 1}u) - ${HOLE / 2};
  //# end
  return f;
}

// Whether an augmented picture shows at `to` what the picture has at `origin`.
fn shows(origin: vec2i, to: vec2i, f: Fate) -> bool {
  var yes = all((origin >= vec2i()) & (origin < vec2i(${SIZE})));
  //# if CUTOUT
  yes = yes && !all((to >= f.hole) & (to < f.hole + ${HOLE}));
  //# end
  return yes;
}

const CHANNELS = vec4f(${CHANNELS === 1 ? "1.0, 0.0, 0.0, 0.0" : "1.0, 1.0, 1.0, 0.0"});

fn grey(x: vec4f) -> f32 { return dot(x, CHANNELS) / ${CHANNELS}.0; }

var<workgroup> sums: array<f32, 256>;

// The mean over a picture, from what each thread added up of it.
fn picture_mean(sum: f32, t: u32) -> f32 {
  sums[t] = sum;
  //# for level in 0..8
  workgroupBarrier();
  if (t < ${128 >> level}u) { sums[t] += sums[t + ${128 >> level}u]; }
  //# end
  workgroupBarrier();
  return sums[0] / ${SIZE * SIZE}.0;
}
