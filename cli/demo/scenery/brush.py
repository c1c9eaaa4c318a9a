"""A canvas of 1600×1200 with a light of its own, and the strokes that every scene needs."""

from functools import lru_cache
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1600, 1200

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]
Point = tuple[float, float]

RED: Colour = (196, 38, 34)
STEEL: Colour = (120, 126, 132)
DARK: Colour = (38, 38, 42)
_FONTS = ("NotoSansCJK-Bold*", "NotoSansCJK-Regular*", "NotoSansSC*", "SourceHanSans*", "wqy-*", "DroidSansFallback*")


class Canvas:
    """One picture in the making. `rng` decides what differs from seed to seed; `after`, whether it was put right."""

    def __init__(self, rng: Random, *, after: bool) -> None:
        self.rng = rng
        self.after = after
        self.image = Image.new("RGB", (WIDTH, HEIGHT), (200, 200, 196))
        self.draw = ImageDraw.Draw(self.image)

    def vary(self, colour: Colour, by: int = 18) -> Colour:
        """The colour, a little lighter or darker from seed to seed."""
        return shade(colour, 1 + self.rng.uniform(-by, by) / 100)

    def rect(self, box: Box, colour: Colour, edge: Colour | None = None, width: int = 3) -> None:
        """A filled rectangle."""
        self.draw.rectangle(box, fill=colour, outline=edge, width=width)

    def shape(self, points: list[Point], colour: Colour, edge: Colour | None = None) -> None:
        """A filled polygon."""
        self.draw.polygon(points, fill=colour, outline=edge)

    def line(self, points: list[Point], colour: Colour, width: int = 4) -> None:
        """A line through the points, round at its corners."""
        self.draw.line(points, fill=colour, width=width, joint="curve")

    def disc(self, x: float, y: float, radius: float, colour: Colour, squash: float = 1.0) -> None:
        """A disc, or an ellipse that is `squash` times as high as wide."""
        self.draw.ellipse((x - radius, y - radius * squash, x + radius, y + radius * squash), fill=colour)

    def fade(self, box: Box, top: Colour, bottom: Colour) -> None:
        """A rectangle that passes from one colour to another, top to bottom."""
        x0, y0, x1, y1 = (int(each) for each in box)
        if x1 > x0 and y1 > y0:
            ramp = Image.linear_gradient("L").resize((x1 - x0, y1 - y0))
            size = ramp.size
            self.image.paste(
                Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp), (x0, y0)
            )

    def round_side(self, box: Box, colour: Colour) -> None:
        """A rectangle lit like the side of an upright cylinder."""
        x0, y0, x1, y1 = box
        steps = 14
        for step in range(steps):
            at = step / (steps - 1)
            left = x0 + (x1 - x0) * step / steps
            self.rect((left, y0, left + (x1 - x0) / steps + 1, y1), shade(colour, 1.25 - 1.7 * abs(at - 0.35) ** 1.3))

    def specks(self, box: Box, colour: Colour, count: int, size: float = 3) -> None:
        """Dirt, gravel, leaves: spots of about one colour, smaller towards the top of the box."""
        x0, y0, x1, y1 = box
        for _ in range(count):
            y = self.rng.uniform(y0, y1)
            radius = size * (0.4 + (y - y0) / max(y1 - y0, 1)) * self.rng.uniform(0.5, 1.4)
            self.disc(self.rng.uniform(x0, x1), y, radius, self.vary(colour, 25), 0.6)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 0.8) -> None:
        """Light around a point, over what is there."""
        halo = Image.radial_gradient("L").resize((int(radius * 2), int(radius * 2)))
        mask = halo.point(lambda far: int(max(0, 255 - far * 1.42) * strength))
        self.image.paste(Image.new("RGB", mask.size, colour), (int(x - radius), int(y - radius)), mask)

    def shadow(self, x: float, y: float, half: float, strength: float = 0.45) -> None:
        """The soft dark under a thing that stands on the ground."""
        self.glow_flat(x, y, half, (20, 20, 20), strength)

    def glow_flat(self, x: float, y: float, half: float, colour: Colour, strength: float) -> None:
        """A soft flat patch, as wide as twice `half`, a quarter as deep."""
        halo = Image.radial_gradient("L").resize((int(half * 2), max(2, int(half / 2))))
        mask = halo.point(lambda far: int(max(0, 255 - far * 1.42) * strength))
        self.image.paste(Image.new("RGB", mask.size, colour), (int(x - half), int(y - half / 4)), mask)

    def sign(self, box: Box, text: str, ink: Colour = (250, 245, 230), ground: Colour = RED) -> None:
        """A sign with its text as large as fits; two strokes stand for it where the machine has no Chinese font."""
        self.rect(box, ground, shade(ground, 0.6))
        x0, y0, x1, y1 = box
        high = y1 - y0
        size = int(min(high * 0.72, (x1 - x0) * 0.92 / max(len(text), 1)))
        face = font(size)
        if face is None:
            self.rect((x0 + high * 0.2, y0 + high * 0.4, x1 - high * 0.2, y0 + high * 0.6), ink)
            return
        self.draw.text(((x0 + x1) / 2, (y0 + y1) / 2), text, font=face, fill=ink, anchor="mm")

    def finished(self, light: float = 1.0) -> Image.Image:
        """The picture as a phone would take it: soft edges, darker corners, some grain, never quite level."""
        tilt, zoom = self.rng.uniform(-0.028, 0.028), 0.95
        middle = (WIDTH / 2 * (1 - zoom) + HEIGHT / 2 * tilt, HEIGHT / 2 * (1 - zoom) - WIDTH / 2 * tilt)
        held = (zoom, -tilt, middle[0], tilt, zoom, middle[1])
        soft = self.image.transform((WIDTH, HEIGHT), Image.Transform.AFFINE, held, Image.Resampling.BILINEAR)
        soft = soft.filter(ImageFilter.BoxBlur(0.7))
        soft.paste((12, 12, 18), (0, 0), _corners())
        soft = soft.point(lambda level: int(min(255, level * light)))
        grain = Image.frombytes("L", (WIDTH, HEIGHT), self.rng.randbytes(WIDTH * HEIGHT)).filter(ImageFilter.BoxBlur(1))
        return Image.blend(soft, grain.convert("RGB"), 0.07)


@lru_cache(maxsize=1)
def _corners() -> Image.Image:
    """How much darker a lens leaves each place of the picture."""
    far = Image.radial_gradient("L").resize((WIDTH, HEIGHT))
    return far.point(lambda level: int(max(0, level - 90) * 0.55))


def shade(colour: Colour, by: float) -> Colour:
    """The colour `by` times as bright."""
    red, green, blue = (max(0, min(255, int(part * by))) for part in colour)
    return red, green, blue


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | None:
    """A Chinese font of that size, if this machine has one."""
    found = _font_file()
    return ImageFont.truetype(str(found), max(size, 8)) if found else None


@lru_cache(maxsize=1)
def _font_file() -> Path | None:
    for pattern in _FONTS:
        for file in sorted(Path("/usr/share/fonts").rglob(pattern)):
            return file
    return None
