/** Loaded before the program: destroys the first device while it trains. */

const submits = 40;
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (...args) {
  GPUAdapter.prototype.requestDevice = requestDevice;
  const device = await Reflect.apply(requestDevice, this, args);
  const { queue } = device;
  const { submit } = queue;
  let count = 0;
  Object.defineProperty(queue, "submit", {
    value(commands: GPUCommandBuffer[]) {
      Reflect.apply(submit, queue, [commands]);
      if (++count === submits) device.destroy();
    },
  });
  return device;
};
