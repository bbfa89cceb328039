#!/usr/bin/env python3
"""Peer: Pillow as the reference decoder, and the pictures to compare on.

    /usr/bin/python3 decode_pictures.py PHOTOS OUT --count 20
    (Debian 12: apt-get install python3-pil; AVIF: apt-get install imagemagick libheif1)

Writes of each of the first COUNT photos a file of every kind to OUT/KIND/, and beside each, as NAME.rgb, the
pixels that the reference decoder sees in it, upright and over white, behind a line "WIDTH HEIGHT".
"""
import argparse
import glob
import os
import subprocess

from PIL import Image, ImageOps


def over_white(path):
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    flat = Image.new("RGBA", image.size, (255, 255, 255, 255))
    flat.alpha_composite(image)
    return flat.convert("RGB")


def exif(orientation):
    data = Image.Exif()
    data[0x112] = orientation
    return data


def faded(photo):
    image = photo.copy()
    image.putalpha(Image.linear_gradient("L").resize(photo.size))
    return image


KINDS = {
    "JPEG": ("jpg", lambda photo, i: (photo, {"quality": 60 + 7 * (i % 6), "subsampling": i % 3})),
    "JPEG, progressive": ("jpg", lambda photo, i: (photo, {"quality": 85, "progressive": True, "subsampling": i % 3})),
    "JPEG, turned": ("jpg", lambda photo, i: (photo, {"quality": 90, "exif": exif(1 + i % 8)})),
    "JPEG, grey": ("jpg", lambda photo, i: (photo.convert("L"), {"quality": 85})),
    "PNG": ("png", lambda photo, i: (photo, {})),
    "PNG, palette": ("png", lambda photo, i: (photo.quantize(2 << i % 8), {})),
    "PNG, transparent": ("png", lambda photo, i: (faded(photo), {})),
    "WebP, lossy": ("webp", lambda photo, i: (photo, {"quality": 50 + 7 * (i % 7)})),
    "WebP, lossless": ("webp", lambda photo, i: (photo, {"lossless": True})),
    "WebP, transparent": ("webp", lambda photo, i: (faded(photo), {"quality": 80})),
    "WebP, turned": ("webp", lambda photo, i: (photo, {"quality": 80, "exif": exif(1 + i % 8)})),
    "WebP, animated": ("webp", lambda photo, i: (photo, {"save_all": True, "append_images": [ImageOps.mirror(photo)]})),
}


def keep(path, flat):
    with open(path + ".rgb", "wb") as out:
        out.write(f"{flat.width} {flat.height}\n".encode() + flat.tobytes())


parser = argparse.ArgumentParser()
parser.add_argument("photos")
parser.add_argument("out")
parser.add_argument("--count", type=int, default=20)
args = parser.parse_args()
paths = sorted(p for p in glob.glob(os.path.join(args.photos, "**", "*"), recursive=True)
               if p.lower().endswith((".jpg", ".jpeg", ".png")))[:args.count]
for i, source in enumerate(paths):
    photo = Image.open(source).convert("RGB")
    for kind, (ending, make) in KINDS.items():
        os.makedirs(os.path.join(args.out, kind), exist_ok=True)
        path = os.path.join(args.out, kind, f"{i}.{ending}")
        image, options = make(photo, i)
        image.save(path, **options)
        keep(path, over_white(path))
    # Pillow 9 knows no AVIF: ImageMagick writes and reads it, chroma at half size.
    for kind, image in {"AVIF": photo, "AVIF, grey": photo.convert("L")}.items():
        folder = os.path.join(args.out, kind)
        os.makedirs(folder, exist_ok=True)
        path, back = os.path.join(folder, f"{i}.avif"), os.path.join(args.out, "back.png")
        try:
            image.save(back)
            quality = str(50 + 7 * (i % 7))
            subprocess.run(["convert", back, "-quality", quality, path], check=True, stderr=subprocess.DEVNULL)
            subprocess.run(["convert", path, "-depth", "8", back], check=True, stderr=subprocess.DEVNULL)
            keep(path, over_white(back))
        except (OSError, subprocess.CalledProcessError):
            if os.path.exists(path):
                os.remove(path)
