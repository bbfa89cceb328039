#!/usr/bin/env python3
"""The project's networks and training step in PyTorch: the oracle, and a peer to be timed beside.

    torch_dcgan.py time --batch 16 --width 64 --steps 5 [--device cuda] [--no-tf32] [--compile]
        times training steps; the last line of stdout is JSON with median_ms and best_ms.
    torch_dcgan.py fixture FILE --batch 4 --width 4 --steps 3 --seed 1 [--loss hinge] [--size 32]
        records a training run as safetensors; tests/fixtures/README.md says what it holds.

Debian 12: apt-get install python3-torch libopenblas0-pthread, then run /usr/bin/python3.
"""
import argparse
import copy
import json
import statistics
import struct
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn.utils.parametrizations import spectral_norm
except ImportError:
    sys.exit("PyTorch is not installed (Debian: apt-get install python3-torch libopenblas0-pthread)")

SIZES = (32, 64, 128, 256)

# How near zero, in units of its layer's root mean square, no rectifier's input may lie in a
# recording: some twenty times what float32 rounds, so that right programs take the same side.
KINK_MARGIN = 1e-5
# How far float64 may end from a recording, relative L2 of any tensor.
REPLAY_LIMIT = 2e-4
MOST_DRAWS = 1000


def stages(size):
    """Halvings between a picture and 4x4: 4 at 64."""
    return SIZES.index(size) + 3


class Generator(nn.Module):
    def __init__(self, size, width, nz, colours=3):
        super().__init__()
        channels = [nz] + [width << i for i in reversed(range(stages(size)))]
        layers = []
        for i, (before, after) in enumerate(zip(channels, channels[1:])):
            stride, padding = (1, 0) if i == 0 else (2, 1)
            layers.append(nn.ConvTranspose2d(before, after, 4, stride, padding, bias=False))
            layers += [nn.BatchNorm2d(after), nn.ReLU(True)]
        layers += [nn.ConvTranspose2d(width, colours, 4, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, noise):
        return self.main(noise)


class Discriminator(nn.Module):
    def __init__(self, size, width, colours=3, norm="batch"):
        super().__init__()
        channels = [width << i for i in range(stages(size))]
        if norm == "spectral":
            self.main = nn.Sequential(*(
                layer for before, after in zip([colours] + channels, channels)
                for layer in (nn.Conv2d(before, after, 4, 2, 1), nn.LeakyReLU(0.2, True))
            ), nn.Flatten(), nn.Linear(16 * channels[-1], 1))
            return
        layers = [nn.Conv2d(colours, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
        for before, after in zip(channels, channels[1:]):
            layers.append(nn.Conv2d(before, after, 4, 2, 1, bias=False))
            layers += [nn.BatchNorm2d(after), nn.LeakyReLU(0.2, True)]
        self.main = nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * channels[-1], 1))

    def forward(self, images):
        return self.main(images)


def initialise(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


class Trainer:
    """Both networks, their optimisers and the step, in the book's order."""

    def __init__(self, options):
        G = Generator(options.size, options.width, options.nz, options.channels)
        D = Discriminator(options.size, options.width, options.channels, options.norm_d)
        layout = torch.channels_last if options.channels_last else torch.contiguous_format
        self.G = G.apply(initialise).to(options.device, memory_format=layout)
        self.D = D.apply(initialise).to(options.device, memory_format=layout)
        self.spectral = options.norm_d == "spectral"
        if self.spectral:
            for layer in self.D.main:
                if hasattr(layer, "weight"):
                    spectral_norm(layer)
        adam = dict(lr=options.lr, betas=(options.beta1, options.beta2), eps=1e-8)
        self.adam_G = torch.optim.Adam(self.G.parameters(), **adam)
        self.adam_D = torch.optim.Adam(self.D.parameters(), **adam)
        self.loss = options.loss
        self.hinge = nn.ReLU()  # a module, so that a watch sees its input too

    def criterion(self, scores, label):
        """The loss that pulls scores towards 1 or 0, and the mean score as people read it."""
        if self.loss == "bce":
            labels = torch.full_like(scores, label)
            loss = nn.functional.binary_cross_entropy_with_logits(scores, labels)
            return loss, torch.sigmoid(scores).mean()
        if self.loss == "hinge":
            return self.hinge(1 - scores if label else 1 + scores).mean(), scores.mean()
        return 0.5 * ((scores - label) ** 2).mean(), scores.mean()

    def generator_criterion(self, scores):
        if self.loss == "hinge":
            return -scores.mean(), scores.mean()
        return self.criterion(scores, 1.0)

    def step(self, photos, noise):
        # D: photos towards 1, fakes towards 0; the two gradients add up before the update.
        self.D.zero_grad()
        if self.spectral:
            # In one pass: each moves the vectors by which weights are normalised one iteration on.
            fakes = self.G(noise)
            on_photos, on_fakes = self.D(torch.cat([photos, fakes.detach()])).chunk(2)
            loss_real, D_x = self.criterion(on_photos, 1.0)
            loss_fake, D_G_z1 = self.criterion(on_fakes, 0.0)
            (loss_real + loss_fake).backward()
        else:
            loss_real, D_x = self.criterion(self.D(photos), 1.0)
            loss_real.backward()
            fakes = self.G(noise)
            loss_fake, D_G_z1 = self.criterion(self.D(fakes.detach()), 0.0)
            loss_fake.backward()
        self.adam_D.step()
        # G: the same fakes towards 1, as the updated D sees them.
        self.G.zero_grad()
        loss_G, D_G_z2 = self.generator_criterion(self.D(fakes))
        loss_G.backward()
        self.adam_G.step()
        return torch.stack([loss_real + loss_fake, loss_G, D_x, D_G_z1, D_G_z2]).detach()


class KinkWatch:
    """While it is open, keeps how near zero the input of any rectifier of a trainer came."""

    def __init__(self, trainer):
        self.nearest = float("inf")
        self.rectifiers = [
            module for network in (trainer.G, trainer.D, trainer.hinge)
            for module in network.modules() if isinstance(module, (nn.ReLU, nn.LeakyReLU))
        ]

    def __enter__(self):
        self.hooks = [module.register_forward_pre_hook(self.look) for module in self.rectifiers]
        return self

    def __exit__(self, *_):
        for hook in self.hooks:
            hook.remove()

    def look(self, _, inputs):
        x = inputs[0].detach()
        self.nearest = min(self.nearest, float(x.abs().min() / x.square().mean().sqrt()))


def time_steps(options):
    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit("this PyTorch finds no CUDA device")
    if options.compile and not hasattr(torch, "compile"):
        sys.exit(f"PyTorch {torch.__version__} has no torch.compile")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = not options.no_tf32
    torch.backends.cudnn.benchmark = True
    trainer = Trainer(options)
    if options.compile:  # the networks alone: the step runs backward three times
        trainer.G, trainer.D = torch.compile(trainer.G), torch.compile(trainer.D)
    photos = torch.rand(options.batch, options.channels, options.size, options.size, device=options.device) * 2 - 1
    if options.channels_last:
        photos = photos.to(memory_format=torch.channels_last)
    times = []
    for _ in range(options.warmup + options.steps):
        start = time.perf_counter()
        for _ in range(options.read_every):
            noise = torch.randn(options.batch, options.nz, 1, 1, device=options.device)
            metrics = trainer.step(photos, noise)
        metrics.cpu()  # waits for the device, as .item() does in the usual loop
        times.append(1e3 * (time.perf_counter() - start) / options.read_every)
    times = times[options.warmup:]
    print(json.dumps({
        "peer": "torch-" + torch.__version__,
        "device": torch.cuda.get_device_name() if options.device == "cuda" else "cpu",
        "size": options.size,
        "batch": options.batch,
        "width": options.width,
        "loss": options.loss,
        "tf32": options.device == "cuda" and not options.no_tf32,
        "compile": options.compile,
        "channels_last": options.channels_last,
        "median_ms": round(statistics.median(times), 3),
        "best_ms": round(min(times), 3),
    }))


def state_of(trainer):
    """Every tensor of both networks, by the names a recording gives them."""
    return {
        f"{name}.{key}": value.detach().clone()
        for name, network in (("G", trainer.G), ("D", trainer.D))
        for key, value in network.state_dict().items()
    }


def draw_batch(options):
    # Smooth pictures: their statistics are then not those of white noise.
    coarse = torch.rand(options.batch, options.channels, 8, 8)
    photos = nn.functional.interpolate(
        coarse, size=options.size, mode="bilinear", align_corners=False) * 2 - 1
    return photos, torch.randn(options.batch, options.nz, 1, 1)


def step_off_the_kinks(trainer, options):
    """A step on the first batch drawn that keeps every rectifier's input off zero."""
    for draws in range(1, MOST_DRAWS + 1):
        photos, noise = draw_batch(options)
        # A copy makes the step, optimisers included, so that a batch refused leaves no trace.
        trial = copy.deepcopy(trainer)
        with KinkWatch(trial) as watch:
            metrics = trial.step(photos.to(options.device), noise.to(options.device))
        if watch.nearest >= KINK_MARGIN:
            return trial, photos, noise, metrics, draws, watch.nearest
    sys.exit(f"no batch of {MOST_DRAWS} keeps every rectifier's input {KINK_MARGIN} of its "
             "layer's rms from zero: record fewer pictures or a smaller network")


def demand_float64_agrees(exact, batches, final):
    """Makes the recorded steps again in float64; a recording that ends elsewhere is no oracle."""
    for network in (exact.G, exact.D):
        network.double()
    for photos, noise in batches:
        exact.step(photos.double(), noise.double())
    distances = {
        name: float((final[name].double().cpu() - value).norm() / value.double().norm())
        for name, value in state_of(exact).items()
    }
    # Not `> REPLAY_LIMIT`: a NaN is far away too.
    far = [name for name, distance in distances.items() if not distance <= REPLAY_LIMIT]
    if far:
        sys.exit(f"not recorded: replayed in float64, {far[0]} ends {distances[far[0]]:.2e} "
                 f"(relative L2) from this float32, more than {REPLAY_LIMIT}; "
                 f"{len(far)} of {len(distances)} tensors do. Try another --seed.")
    worst = max(distances, key=distances.get)
    print(f"float64 ends within {distances[worst]:.2e} (relative L2), worst {worst}")


def record_fixture(options):
    trainer = Trainer(options)
    exact = copy.deepcopy(trainer)
    for network in (exact.G, exact.D):
        network.cpu()
    tensors = {f"init.{name}": value for name, value in state_of(trainer).items()}
    batches = []
    for t in range(options.steps):
        trainer, photos, noise, metrics, draws, nearest = step_off_the_kinks(trainer, options)
        batches.append((photos, noise))
        tensors.update({f"real.{t}": photos, f"noise.{t}": noise, f"metrics.{t}": metrics})
        print(f"step {t}: {draws} draws, nearest kink {nearest:.2e};",
              *(round(value, 6) for value in metrics.tolist()))
    final = state_of(trainer)
    demand_float64_agrees(exact, batches, final)
    tensors.update({f"final.{name}": value for name, value in final.items()})
    metadata = dict(size=options.size, channels=options.channels, batch=options.batch,
                    width=options.width, steps=options.steps, nz=options.nz, loss=options.loss,
                    norm_d=options.norm_d, lr=options.lr, beta1=options.beta1,
                    beta2=options.beta2, torch=torch.__version__)
    write_safetensors(options.file, tensors, {key: str(value) for key, value in metadata.items()})


def write_safetensors(path, tensors, metadata):
    header, blob = {"__metadata__": metadata}, bytearray()
    for name, tensor in tensors.items():
        raw = tensor.detach().float().cpu().contiguous().numpy().astype("<f4").tobytes()
        offsets = [len(blob), len(blob) + len(raw)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": offsets}
        blob += raw
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(encoded)) + encoded + blob)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    modes = parser.add_subparsers(dest="mode", required=True)
    timing = modes.add_parser("time", help="time training steps")
    fixture = modes.add_parser("fixture", help="record a training run")
    for mode in (timing, fixture):
        mode.add_argument("--size", type=int, choices=SIZES, default=64, help="pixels a side")
        mode.add_argument("--channels", type=int, choices=(1, 3), default=3, help="1: grey")
        mode.add_argument("--nz", type=int, default=100, help="length of a noise vector")
        mode.add_argument("--batch", type=int, default=16)
        mode.add_argument("--width", type=int, default=64)
        mode.add_argument("--steps", type=int, default=5)
        mode.add_argument("--seed", type=int, default=1)
        mode.add_argument("--loss", choices=["ls", "bce", "hinge"], default="ls")
        mode.add_argument("--norm-d", choices=["batch", "spectral"], default="batch")
        mode.add_argument("--lr", type=float, default=2e-4)
        mode.add_argument("--beta1", type=float, default=0.5)
        mode.add_argument("--beta2", type=float, default=0.999)
        mode.add_argument("--device", default="cpu")
        mode.add_argument("--threads", type=int, help="default: PyTorch's own choice")
    fixture.add_argument("file", help="safetensors file to write")
    timing.add_argument("--warmup", type=int, default=2)
    timing.add_argument("--read-every", type=int, default=1, help="steps between read-backs")
    timing.add_argument("--no-tf32", action="store_true", help="full float32 products on CUDA")
    timing.add_argument("--compile", action="store_true", help="torch.compile the networks")
    for mode in (fixture, timing):
        mode.add_argument("--channels-last", action="store_true", help="pictures as NHWC in memory")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    if options.threads:
        torch.set_num_threads(options.threads)
    time_steps(options) if options.mode == "time" else record_fixture(options)


if __name__ == "__main__":
    main()
