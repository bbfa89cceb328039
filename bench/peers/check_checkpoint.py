#!/usr/bin/env python3
"""Loads a facadegan checkpoint into PyTorch and compares pictures made from the same noise.

    deno task generate --checkpoint FILE --count 16 --seed 1 --out grid.png --save-tensors pictures.safetensors
    /usr/bin/python3 bench/peers/check_checkpoint.py FILE pictures.safetensors

The checkpoint's generator (its moving average where it has one, as `generate` does; --weights current
for the other) is loaded strictly under PyTorch's own names, put into evaluation mode and given the
file's noise. Both discriminator and generator must load without a missing or unexpected tensor.
Exit status 0 where no pixel differs by more than --tolerance.
"""
import argparse
import json
import struct
import sys

sys.dont_write_bytecode = True  # leave no __pycache__ in the checkout
import torch_dcgan  # says how to install PyTorch where it is missing
import torch


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, blob = json.loads(file.read(length)), bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            sys.exit(f"{path}: tensor {name} is {entry['dtype']}, expected F32")
        start, end = entry["data_offsets"]
        if start == end:
            tensors[name] = torch.zeros(entry["shape"])
            continue
        flat = torch.frombuffer(blob, dtype=torch.float32, count=(end - start) // 4, offset=start)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def load(network, tensors, prefix):
    """Loads the tensors named `prefix`...; PyTorch says what is missing or unexpected."""
    state = {name[len(prefix):]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
    order = list(network.state_dict())
    if list(state) != order:
        sys.exit(f"{prefix}*: the names or their order are not PyTorch's: {list(state)} for {order}")
    network.load_state_dict(state, strict=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", help="a run's checkpoint, safetensors")
    parser.add_argument("pictures", help="what generate --save-tensors wrote")
    parser.add_argument("--weights", choices=["ema", "current"], default="ema")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()

    tensors = read_safetensors(options.checkpoint)
    nz, channels = tensors["G.main.0.weight"].shape[:2]
    width = channels // 8
    G, D = torch_dcgan.Generator(width, nz), torch_dcgan.Discriminator(width)
    averaged = options.weights == "ema" and "ema.G.main.0.weight" in tensors
    load(G, tensors, "ema.G." if averaged else "G.")
    load(D, tensors, "D.")

    pictures = read_safetensors(options.pictures)
    noise, ours = pictures["noise"], pictures["images"]
    G.eval()
    with torch.no_grad():
        theirs = G(noise)
    if theirs.shape != ours.shape:
        sys.exit(f"the pictures are {list(ours.shape)}, PyTorch's are {list(theirs.shape)}")
    error = (theirs - ours).abs().max().item()
    right = error <= options.tolerance  # false for NaN
    print(json.dumps({
        "checkpoint": options.checkpoint,
        "width": width,
        "weights": "ema" if averaged else "current",
        "pictures": len(ours),
        "max_abs_err": error,
        "max_abs": ours.abs().max().item(),
        "pass": right,
    }))
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
