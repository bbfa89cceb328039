#!/usr/bin/env python3
"""Peer: PyTorch's DataLoader with Pillow doing what the photo pipeline does.

    /usr/bin/python3 dataloader.py FOLDER --workers 2 --batch 64 --seconds 3
    (Debian 12: apt-get install python3-torch python3-pil)

Prints one line of JSON: images per second cold (decode, reduce, augment from the files, one pass,
workers' start included), warm (decoded and reduced photos in memory, augmented anew), and the share
of its time that a consumer waits which takes a batch every 5 ms.
"""
import argparse
import glob
import json
import os
import time

import torch
from PIL import Image, ImageEnhance, ImageOps
from torch.utils.data import DataLoader, Dataset

SIZE, SIDE = 64, 76  # the network's pictures; what is kept of a photo for crops of 85% and more


class Photos(Dataset):
    def __init__(self, paths, keep):
        self.paths = paths
        # DataLoader's processes are forked, so they share what is decoded before.
        self.kept = [self.reduced(path) for path in paths] if keep else None

    @staticmethod
    def reduced(path):
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        scale = SIDE / min(image.size)
        return image.resize((round(image.width * scale), round(image.height * scale)), Image.BOX)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        photo = self.kept[index] if self.kept else self.reduced(self.paths[index])
        r = torch.rand(6).tolist()
        side = min(photo.size) * (0.85 + 0.15 * r[0])
        x, y = (photo.width - side) * r[1], (photo.height - side) * r[2]
        view = photo.resize((SIZE, SIZE), Image.BOX, box=(x, y, x + side, y + side))
        if r[3] < 0.5:
            view = ImageOps.mirror(view)
        view = ImageEnhance.Brightness(view).enhance(0.92 + 0.16 * r[4])
        view = ImageEnhance.Contrast(view).enhance(0.92 + 0.16 * r[5])
        return torch.frombuffer(bytearray(view.tobytes()), dtype=torch.uint8).view(SIZE, SIZE, 3)


def loader(photos, args):
    return DataLoader(photos, args.batch, shuffle=True, num_workers=args.workers, persistent_workers=args.workers > 0,
                      prefetch_factor=8 if args.workers else 2)


def endless(batches):
    while True:
        yield from batches


parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--seconds", type=float, default=3)
args = parser.parse_args()
torch.set_num_threads(1)
paths = sorted(p for p in glob.glob(os.path.join(args.folder, "**", "*"), recursive=True)
               if p.lower().endswith((".jpg", ".jpeg", ".png")))

start = time.perf_counter()
seen = sum(len(batch) for batch in loader(Photos(paths, keep=False), args))
cold = seen / (time.perf_counter() - start)

batches = endless(loader(Photos(paths, keep=True), args))
for _ in range(20):
    next(batches)
start, seen = time.perf_counter(), 0
while time.perf_counter() - start < args.seconds:
    seen += len(next(batches))
warm = seen / (time.perf_counter() - start)

start = due = time.perf_counter()
waited = 0.0
while time.perf_counter() - start < args.seconds:
    time.sleep(max(0, due - time.perf_counter()))
    before = time.perf_counter()
    next(batches)
    waited += time.perf_counter() - before
    due += 0.005
share = waited / (time.perf_counter() - start)
print(json.dumps({"photos": len(paths), "batch": args.batch, "workers": args.workers, "cold_images_per_s": round(cold, 1),
                  "warm_images_per_s": round(warm, 1), "pace_ms": 5, "wait_share": round(share, 4)}))
