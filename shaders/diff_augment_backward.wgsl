// The pictures' gradient from that of the augmented ones: diff_augment.wgsl is affine, so the dice are
// all it needs.
@group(0) @binding(1) var<storage, read> d_augmented: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> d_pictures: array<vec4f>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let first = group.x * ${SIZE * SIZE}u;
  let f = fate(group.x);
  //# if COLOUR
  // The mean of a picture is in each of its shown pixels.
  var sum = 0.0;
  for (var i = t; i < ${SIZE * SIZE}u; i += 256u) {
    let to = vec2i(vec2u(i % ${SIZE}u, i / ${SIZE}u));
    if (shows(to + f.shift, to, f)) { sum += grey(d_augmented[first + i]); }
  }
  let rest = (1.0 - f.contrast) * picture_mean(sum, t);
  //# end
  for (var i = t; i < ${SIZE * SIZE}u; i += 256u) {
    let origin = vec2i(vec2u(i % ${SIZE}u, i / ${SIZE}u));
    let to = origin - f.shift;
    var g = vec4f();
    if (all((to >= vec2i()) & (to < vec2i(${SIZE}))) && shows(origin, to, f)) {
      g = d_augmented[first + u32(to.y * ${SIZE} + to.x)];
    }
    //# if COLOUR
    g = f.contrast * mix(vec4f(grey(g)), g, f.saturation) + rest;
    //# end
    d_pictures[first + i] = CHANNELS * g;
  }
}
