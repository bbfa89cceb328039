/**
 * The project's training step (least squares) in jax-js on WebGPU, to be timed beside ours:
 *
 *     deno run -A bench/peers/jaxjs_dcgan.ts --batch 16 --width 64 --steps 1
 *
 * The whole step is one jitted function, as JAX programs are written, so that jax-js may fuse what
 * it can and G's forward pass is kept for its gradient. In its favour running statistics are left
 * out, and the transposed convolutions' kernels are stored the way its convolution reads them.
 *
 * In jax-js every use of an array consumes it; `.ref` keeps it for another use.
 *
 * @module
 */

import {
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  random,
  tree,
  valueAndGrad,
  vjp,
} from "npm:@jax-js/jax@0.1.25";
import { peerOptions, timeSteps } from "./options.ts";

const NZ = 100;
const options = peerOptions(Deno.args);
const { batch, width } = options;

if (!(await init()).includes("webgpu")) {
  console.error("jax-js finds no WebGPU adapter");
  Deno.exit(1);
}
defaultDevice("webgpu");

/** Kernels [out, in, 4, 4]; scale and shift of each normalisation; head and bias are D's alone. */
type Network = { kernels: np.Array[]; scales: np.Array[]; shifts: np.Array[]; head: np.Array[] };
/** A network with Adam's moments. */
type Trained = { weights: Network; m: Network; v: Network };

let draws = 0;
const normal = (shape: number[], deviation = 0.02) =>
  random.normal(random.key(draws++), shape).mul(deviation);

function createNetwork(channels: number[], normalised: number[], head: np.Array[]): Trained {
  const weights = {
    kernels: channels.slice(1).map((out, i) => normal([out, channels[i], 4, 4])),
    scales: normalised.map((count) => normal([count]).add(1)),
    shifts: normalised.map((count) => np.zeros([count])),
    head,
  };
  const zeros = () => tree.map((x: np.Array) => np.zerosLike(x.ref), weights) as Network;
  return { weights, m: zeros(), v: zeros() };
}

function normalise(x: np.Array, scale: np.Array, shift: np.Array): np.Array {
  const axes = [0, 2, 3];
  const centred = x.ref.sub(np.mean(x, axes, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), axes, { keepdims: true });
  const perChannel = (v: np.Array) => v.reshape([1, -1, 1, 1]);
  return centred.div(np.sqrt(variance.add(1e-5))).mul(perChannel(scale)).add(perChannel(shift));
}

/** A transposed convolution is a convolution of the picture with zeros between its pixels. */
function G({ kernels, scales, shifts }: Network, noise: np.Array): np.Array {
  let x = noise;
  kernels.forEach((kernel, i) => {
    const pad = i ? 2 : 3;
    const spread = i ? { lhsDilation: [2, 2] } : {};
    x = lax.convGeneralDilated(x, kernel, [1, 1], [[pad, pad], [pad, pad]], spread);
    x = i < 4 ? nn.relu(normalise(x, scales[i], shifts[i])) : np.tanh(x);
  });
  return x;
}

function D({ kernels, scales, shifts, head: [weights, bias] }: Network, images: np.Array) {
  let x = images;
  kernels.forEach((kernel, i) => {
    x = lax.convGeneralDilated(x, kernel, [2, 2], [[1, 1], [1, 1]]);
    x = nn.leakyRelu(i ? normalise(x, scales[i - 1], shifts[i - 1]) : x, 0.2);
  });
  return np.matmul(x.reshape([batch, -1]), weights).add(bias);
}

const leastSquares = (scores: np.Array, label: number) =>
  np.mean(np.square(scores.sub(label))).mul(0.5);

function lossD(weights: Network, photos: np.Array, fakes: np.Array): np.Array {
  const onPhotos = leastSquares(D(tree.ref(weights), photos), 1);
  return onPhotos.add(leastSquares(D(weights, fakes), 0));
}

/** `rate` is the learning rate with the moments' bias corrected in it. */
function adam({ weights, m, v }: Trained, gradient: Network, rate: np.Array): Trained {
  type MapTrees = (f: (...x: np.Array[]) => np.Array, ...trees: Network[]) => Network;
  const map = tree.map as unknown as MapTrees;
  const m2 = map((m, g) => m.mul(0.5).add(g.mul(0.5)), m, tree.ref(gradient));
  const v2 = map((v, g) => v.mul(0.999).add(np.square(g).mul(0.001)), v, gradient);
  const updated = map(
    (w, m, v) => w.sub(rate.ref.mul(m).div(np.sqrt(v).add(1e-8))),
    weights,
    tree.ref(m2),
    tree.ref(v2),
  );
  rate.dispose();
  return { weights: updated, m: m2, v: v2 };
}

type State = { g: Trained; d: Trained };
type Result = { state: State; errD: np.Array; errG: np.Array };

const trainStep = jit(({ g, d }: State, photos: np.Array, noise: np.Array, rate: np.Array) => {
  const [fakes, backG] = vjp(
    (weights: Network) => G(weights, noise),
    [tree.ref(g.weights)],
  ) as unknown as [np.Array, (dImages: np.Array) => [Network]];
  const [errD, gradientD] = valueAndGrad(lossD)(tree.ref(d.weights), photos, fakes.ref);
  const d2 = adam(d, gradientD as Network, rate.ref);
  const lossG = (images: np.Array, weights: Network) => leastSquares(D(weights, images), 1);
  const [errG, dImages] = valueAndGrad(lossG)(fakes, tree.ref(d2.weights));
  const [gradientG] = backG(dImages as np.Array);
  return { state: { g: adam(g, gradientG, rate), d: d2 }, errD, errG };
});

const fc = [normal([128 * width, 1]), np.zeros([1])];
let state: State = {
  g: createNetwork(
    [NZ, 8 * width, 4 * width, 2 * width, width, 3],
    [8 * width, 4 * width, 2 * width, width],
    [],
  ),
  d: createNetwork(
    [3, width, 2 * width, 4 * width, 8 * width],
    [2 * width, 4 * width, 8 * width],
    fc,
  ),
};
const photos = random.uniform(random.key(draws++), [batch, 3, 64, 64], { minval: -1, maxval: 1 });
let losses: np.Array[] = [];
let t = 0;

await timeSteps("jax-js-webgpu", options, () => {
  t++;
  losses.forEach((loss) => loss.dispose());
  const rate = np.array(2e-4 * Math.sqrt(1 - 0.999 ** t) / (1 - 0.5 ** t));
  const noise = normal([batch, NZ, 1, 1], 1);
  const result = trainStep(state, photos.ref, noise, rate) as unknown as Result;
  state = result.state;
  losses = [result.errD, result.errG];
}, async () => {
  const [errD, errG] = await Promise.all(losses.map((loss) => loss.ref.data()));
  return [errD[0], errG[0]];
});
Deno.exit(0); // the device keeps the process alive
