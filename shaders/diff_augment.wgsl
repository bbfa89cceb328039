// Augments pictures with dice of the step: light, saturation and contrast, a shift that leaves zeros,
// a hole of zeros, noise. A workgroup makes a picture.
@group(0) @binding(1) var<storage, read> pictures: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> augmented: array<vec4f>;

//# if NOISE > 0
fn noise(pixel: u32) -> vec4f {
  let number = ${FIRST * SIZE * SIZE}u + pixel;
  let u = (vec4f(hash4(vec4u(step.seed, ${NOISE_PURPOSE}u, step.step, number)) >> vec4u(8u)) + 0.5) / 16777216.0;
  let radius = sqrt(-2.0 * log(u.xz));
  let angle = 6.283185307179586 * u.yw;
  return vec4f(radius.x * cos(angle.x), radius.x * sin(angle.x), radius.y * cos(angle.y), 0.0);
}
//# end

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let first = group.x * ${SIZE * SIZE}u;
  let f = fate(group.x);
  //# if COLOUR
  var sum = 0.0;
  for (var i = t; i < ${SIZE * SIZE}u; i += 256u) { sum += grey(pictures[first + i]); }
  let rest = (1.0 - f.contrast) * picture_mean(sum, t) + f.light;
  //# end
  for (var i = t; i < ${SIZE * SIZE}u; i += 256u) {
    let to = vec2i(vec2u(i % ${SIZE}u, i / ${SIZE}u));
    let origin = to + f.shift;
    var y = vec4f();
    if (shows(origin, to, f)) {
      let x = pictures[first + u32(origin.y * ${SIZE} + origin.x)];
      //# if COLOUR
      let saturated = mix(vec4f(grey(x)), x, f.saturation);
      y = CHANNELS * (f.contrast * saturated + rest);
      //# else
      y = x;
      //# end
    }
    //# if NOISE > 0
    y += CHANNELS * f32(${NOISE}) * noise(first + i);
    //# end
    augmented[first + i] = y;
  }
}
