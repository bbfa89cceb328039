/**
 * The project's training step (least squares) in TensorFlow.js on its WebGPU backend, to be timed
 * beside ours:
 *
 *     deno run -A bench/peers/tfjs_dcgan.ts --batch 16 --width 64 --steps 1
 *
 * Two differences, one in each direction: running statistics are left out; and since a tape of
 * TensorFlow.js cannot stay open over D's update, G's forward pass is computed once more for G's
 * gradient.
 *
 * @module
 */

import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import "npm:@tensorflow/tfjs-backend-webgpu@4.22.0";
import { peerOptions, timeSteps } from "./options.ts";

const NZ = 100;
const options = peerOptions(Deno.args);
const { batch, width } = options;

if (!await tf.setBackend("webgpu")) {
  console.error("TensorFlow.js finds no WebGPU adapter");
  Deno.exit(1);
}
await tf.ready();

/** A layer: a convolution, and batch normalisation where there is one. */
interface Layer {
  weights: tf.Variable<tf.Rank.R4>;
  norm?: { scale: tf.Variable<tf.Rank.R1>; shift: tf.Variable<tf.Rank.R1> };
}

function createLayer(shape: [number, number, number, number], normChannels?: number): Layer {
  const weights = tf.variable(tf.randomNormal<tf.Rank.R4>(shape, 0, 0.02));
  if (normChannels === undefined) return { weights };
  const scale = tf.variable(tf.randomNormal<tf.Rank.R1>([normChannels], 1, 0.02));
  return { weights, norm: { scale, shift: tf.variable(tf.zeros<tf.Rank.R1>([normChannels])) } };
}

function normalise(x: tf.Tensor4D, { norm }: Layer): tf.Tensor4D {
  if (!norm) return x;
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.batchNorm4d(
    x,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    norm.shift,
    norm.scale,
    1e-5,
  );
}

const upChannels = [NZ, 8 * width, 4 * width, 2 * width, width, 3];
const generator = upChannels.slice(1).map((out, i) =>
  createLayer([4, 4, out, upChannels[i]], i < 4 ? out : undefined)
);
const downChannels = [3, width, 2 * width, 4 * width, 8 * width];
const discriminator = downChannels.slice(1).map((out, i) =>
  createLayer([4, 4, downChannels[i], out], i > 0 ? out : undefined)
);
const head = tf.variable(tf.randomNormal<tf.Rank.R2>([128 * width, 1], 0, 0.02));
const bias = tf.variable(tf.zeros<tf.Rank.R1>([1]));

function G(noise: tf.Tensor4D): tf.Tensor4D {
  let x = noise;
  generator.forEach((layer, i) => {
    const size = 4 << i;
    const shape: [number, number, number, number] = [batch, size, size, upChannels[i + 1]];
    x = tf.conv2dTranspose(x, layer.weights, shape, i ? 2 : 1, i ? "same" : "valid");
    x = i < 4 ? tf.relu(normalise(x, layer)) : tf.tanh(x);
  });
  return x;
}

function D(images: tf.Tensor4D): tf.Tensor2D {
  let x = images;
  for (const layer of discriminator) {
    x = tf.leakyRelu(normalise(tf.conv2d(x, layer.weights, 2, "same"), layer), 0.2);
  }
  return tf.matMul(x.reshape<tf.Tensor2D>([batch, 128 * width]), head).add(bias);
}

const leastSquares = (scores: tf.Tensor2D, label: number) =>
  scores.sub(label).square().mean().mul<tf.Scalar>(0.5);
const variables = (layers: Layer[]): tf.Variable[] =>
  layers.flatMap(({ weights, norm }) => norm ? [weights, norm.scale, norm.shift] : [weights]);

const adamD = tf.train.adam(2e-4, 0.5, 0.999, 1e-8);
const adamG = tf.train.adam(2e-4, 0.5, 0.999, 1e-8);
const photos = tf.randomUniform<tf.Rank.R4>([batch, 64, 64, 3], -1, 1);
const variablesD = [...variables(discriminator), head, bias];
const variablesG = variables(generator);
let losses: tf.Scalar[] = [];

function step(): void {
  tf.dispose(losses);
  const noise = tf.randomNormal<tf.Rank.R4>([batch, 1, 1, NZ]);
  const fakes = tf.tidy(() => G(noise));
  const lossD = () => leastSquares(D(photos), 1).add<tf.Scalar>(leastSquares(D(fakes), 0));
  const errD = adamD.minimize(lossD, true, variablesD)!;
  const errG = adamG.minimize(() => leastSquares(D(G(noise)), 1), true, variablesG)!;
  tf.dispose([noise, fakes]);
  losses = [errD, errG];
}

await timeSteps("tfjs-webgpu", options, step, async () => {
  const [errD, errG] = await Promise.all(losses.map((loss) => loss.data()));
  return [errD[0], errG[0]];
});
Deno.exit(0); // the backend keeps the process alive
