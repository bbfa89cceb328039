// Augments pictures with dice of the step: light, saturation and contrast, a shift that leaves zeros,
// a hole of zeros, noise. A workgroup makes a picture.
@group(0) @binding(1) var<storage, read> pictures: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> augmented: array<vec4f>;

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
    let number = ${FIRST * SIZE * SIZE}u + first + i;
    y += CHANNELS * f32(${NOISE}) * normal4(vec4u(step.seed, ${NOISE_PURPOSE}u, step.step, number));
    //# end
    augmented[first + i] = y;
  }
}
