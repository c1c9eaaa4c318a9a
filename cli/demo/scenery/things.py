"""Things that stand in the scenes. (x, y) is where a thing meets the ground, in its middle unless it says left."""

import math
from itertools import pairwise

from cli.demo.scenery.brush import DARK, RED, STEEL, Canvas, Colour, shade


def carton(scene: Canvas, left: float, foot: float, size: float, colour: Colour, text: str = "") -> None:
    """A closed carton, `size` wide, seen a little from the right and above."""
    high, deep = size * 0.72, size * 0.24
    scene.rect((left, foot - high, left + size, foot), colour, shade(colour, 0.65), 2)
    right, top = left + size, foot - high
    scene.shape(
        [(left, top), (left + deep, top - deep / 2), (right + deep, top - deep / 2), (right, top)], shade(colour, 1.2)
    )
    side = [(right, top), (right + deep, top - deep / 2), (right + deep, foot - deep / 2), (right, foot)]
    scene.shape(side, shade(colour, 0.72))
    scene.line([(left + size / 2, top), (left + size / 2, foot)], shade(colour, 0.85), 3)
    if text:
        box = (left + size * 0.14, foot - high * 0.68, left + size * 0.86, foot - high * 0.26)
        red = colour[0] > 2 * colour[1]
        scene.sign(box, text, (252, 226, 130) if red else RED, shade(colour, 0.85 if red else 1.12))


def carton_wall(scene: Canvas, left: int, foot: int, columns: int, rows: int, size: int, texts: list[str]) -> None:
    """Cartons stacked against a wall; some rows are short."""
    scene.shadow(left + columns * size / 2, foot, columns * size * 0.62)
    red = [(190, 40, 36), (204, 62, 40), (176, 34, 44), (206, 150, 96)]
    for column in reversed(range(columns)):
        for row in range(rows - (scene.rng.random() < 0.4)):  # noqa: PLR2004
            place = left + column * (size + 4) + scene.rng.randint(-3, 3)
            carton(
                scene,
                place,
                foot - row * size * 0.72,
                size,
                scene.vary(scene.rng.choice(red), 8),
                scene.rng.choice(texts),
            )


def cylinder(scene: Canvas, x: float, foot: float, high: float, colour: Colour) -> None:
    """A gas cylinder with its collar, valve and a rusty foot."""
    half = high * 0.22
    scene.shadow(x, foot, half * 2)
    scene.disc(x, foot - 4, half, shade(colour, 0.5), 0.3)
    scene.round_side((x - half, foot - high * 0.8, x + half, foot - 4), colour)
    scene.disc(x, foot - high * 0.8, half, shade(colour, 1.1), 0.45)
    scene.round_side((x - half * 0.6, foot - high, x + half * 0.6, foot - high * 0.84), shade(colour, 0.8))
    scene.rect((x - half * 0.18, foot - high * 1.1, x + half * 0.18, foot - high * 0.96), (176, 150, 70))
    scene.round_side((x - half, foot - high * 0.1, x + half, foot), (112, 74, 52))
    scene.rect((x - half, foot - high * 0.52, x + half, foot - high * 0.48), shade(colour, 0.6))


def drum(scene: Canvas, x: float, foot: float, high: float, colour: Colour) -> None:
    """An oil drum with its two rings and a warning diamond."""
    half = high * 0.36
    scene.shadow(x, foot, half * 1.7)
    scene.disc(x, foot, half, shade(colour, 0.5), 0.25)
    scene.round_side((x - half, foot - high, x + half, foot), colour)
    scene.disc(x, foot - high, half, shade(colour, 1.15), 0.25)
    scene.disc(x - half * 0.4, foot - high, half * 0.14, DARK, 0.4)
    for at in (0.34, 0.67):
        scene.round_side((x - half - 3, foot - high * at - 5, x + half + 3, foot - high * at + 5), shade(colour, 0.85))
    y, r = foot - high * 0.5, half * 0.36
    scene.shape([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], (236, 150, 40), DARK)


def e_bike(scene: Canvas, x: float, foot: float, size: float, colour: Colour) -> None:
    """An electric bicycle from its side, `size` long."""
    wheel = size * 0.17
    scene.shadow(x, foot, size * 0.6)
    for hub in (x - size * 0.33, x + size * 0.33):
        scene.disc(hub, foot - wheel, wheel, DARK)
        scene.disc(hub, foot - wheel, wheel * 0.66, (168, 170, 172))
        scene.disc(hub, foot - wheel, wheel * 0.2, DARK)
    body = [
        (-0.36, -0.34),
        (-0.02, -0.34),
        (0.02, -0.2),
        (0.16, -0.2),
        (0.2, -0.6),
        (0.27, -0.6),
        (0.3, -0.14),
        (-0.3, -0.1),
    ]
    scene.shape([(x + size * a, foot + size * b) for a, b in body], colour, shade(colour, 0.6))
    seat = [(-0.4, -0.4), (-0.02, -0.4), (0.0, -0.34), (-0.38, -0.33)]
    scene.shape([(x + size * a, foot + size * b) for a, b in seat], DARK)
    scene.line(
        [(x + size * 0.33, foot - wheel), (x + size * 0.22, foot - size * 0.66), (x + size * 0.12, foot - size * 0.7)],
        DARK,
        9,
    )
    scene.disc(x + size * 0.28, foot - size * 0.52, size * 0.045, (250, 244, 210))
    scene.rect((x - size * 0.47, foot - size * 0.56, x - size * 0.3, foot - size * 0.4), shade(colour, 0.7), DARK)


def cable(
    scene: Canvas, start: tuple[float, float], end: tuple[float, float], sag: float, colour: Colour = DARK
) -> None:
    """A cable that hangs between two points."""
    points = []
    for step in range(13):
        at = step / 12
        x, y = start[0] + (end[0] - start[0]) * at, start[1] + (end[1] - start[1]) * at
        points.append((x, y + sag * math.sin(math.pi * at)))
    scene.line(points, colour, 6)


def van(scene: Canvas, left: float, foot: float, size: float, colour: Colour, text: str = "") -> None:
    """A small bus or delivery van from its side, front to the right; its plate cannot be read."""
    scene.shadow(left + size / 2, foot, size * 0.6)
    top = foot - size * 0.46
    hull = [(0, -0.4), (0.03, -0.46), (0.8, -0.46), (0.94, -0.25), (1.0, -0.22), (1.0, -0.07), (0, -0.07)]
    scene.shape([(left + size * a, foot + size * b) for a, b in hull], colour, shade(colour, 0.6))
    for a in (0.05, 0.28, 0.51):
        scene.rect((left + size * a, top + size * 0.05, left + size * (a + 0.2), foot - size * 0.25), (62, 74, 86))
    glass = [(0.74, -0.41), (0.79, -0.41), (0.9, -0.25), (0.74, -0.25)]
    scene.shape([(left + size * a, foot + size * b) for a, b in glass], (62, 74, 86))
    scene.rect((left, foot - size * 0.16, left + size, foot - size * 0.14), shade(colour, 0.7))
    if text:
        scene.sign((left + size * 0.3, foot - size * 0.24, left + size * 0.62, foot - size * 0.165), text, RED, colour)
    _wheels(scene, [left + size * 0.2, left + size * 0.8], foot, size * 0.09)


def truck(scene: Canvas, left: float, foot: float, size: float, colour: Colour, load: Colour | None) -> None:
    """A tipper from its side, front to the right; `load` is heaped above its sides."""
    scene.shadow(left + size / 2, foot, size * 0.6)
    if load:
        heap = [(0.02, -0.44), (0.12, -0.53), (0.24, -0.56), (0.36, -0.6), (0.5, -0.55), (0.62, -0.5), (0.68, -0.44)]
        scene.shape([(left + size * a, foot + size * b) for a, b in heap], load)
        scene.specks(
            (left + size * 0.08, foot - size * 0.53, left + size * 0.62, foot - size * 0.44), shade(load, 0.8), 80, 7
        )
    bed = [(0, -0.44), (0.7, -0.44), (0.68, -0.17), (0.03, -0.17)]
    scene.shape([(left + size * a, foot + size * b) for a, b in bed], colour, shade(colour, 0.6))
    for a in (0.12, 0.24, 0.36, 0.48, 0.6):
        scene.line(
            [(left + size * a, foot - size * 0.44), (left + size * a, foot - size * 0.17)], shade(colour, 0.8), 8
        )
    scene.rect((left, foot - size * 0.17, left + size * 0.98, foot - size * 0.11), DARK)
    cab = [(0.73, -0.48), (0.92, -0.48), (0.98, -0.3), (0.99, -0.11), (0.73, -0.11)]
    scene.shape([(left + size * a, foot + size * b) for a, b in cab], shade(colour, 1.15), shade(colour, 0.6))
    glass = [(0.8, -0.44), (0.91, -0.44), (0.955, -0.3), (0.8, -0.3)]
    scene.shape([(left + size * a, foot + size * b) for a, b in glass], (58, 70, 82))
    _wheels(scene, [left + size * a for a in (0.12, 0.26, 0.85)], foot, size * 0.075)


def _wheels(scene: Canvas, hubs: list[float], foot: float, radius: float) -> None:
    for hub in hubs:
        scene.disc(hub, foot - radius, radius, DARK)
        scene.disc(hub, foot - radius, radius * 0.55, STEEL)
        scene.disc(hub, foot - radius, radius * 0.2, DARK)


def worker(scene: Canvas, x: float, foot: float, high: float, *, helmet: bool, vest: Colour = (70, 84, 108)) -> None:
    """A figure from behind: no face to be recognised."""
    w = high * 0.13
    scene.shadow(x, foot, w * 2.2)
    scene.rect((x - w * 0.8, foot - high * 0.45, x - w * 0.1, foot), (46, 52, 64))
    scene.rect((x + w * 0.1, foot - high * 0.45, x + w * 0.8, foot), (46, 52, 64))
    scene.shape(
        [
            (x - w, foot - high * 0.82),
            (x + w, foot - high * 0.82),
            (x + w * 0.9, foot - high * 0.4),
            (x - w * 0.9, foot - high * 0.4),
        ],
        vest,
    )
    scene.line([(x - w, foot - high * 0.78), (x - w * 1.5, foot - high * 0.5)], shade(vest, 0.85), int(w * 0.5))
    scene.line([(x + w, foot - high * 0.78), (x + w * 1.4, foot - high * 0.52)], shade(vest, 0.85), int(w * 0.5))
    scene.disc(x, foot - high * 0.9, w * 0.62, (36, 32, 30))
    if helmet:
        scene.draw.pieslice(
            (x - w * 0.8, foot - high * 1.02, x + w * 0.8, foot - high * 0.8), 180, 360, fill=(240, 196, 40)
        )


def cones(scene: Canvas, foot: float, *xs: float) -> None:
    """Traffic cones with a tape between them."""
    if len(xs) > 1:
        for a, b in pairwise(xs):
            cable(scene, (a, foot - 100), (b, foot - 100), 16, (220, 60, 40))
    for x in xs:
        scene.shadow(x, foot, 60)
        scene.shape([(x - 14, foot - 120), (x + 14, foot - 120), (x + 42, foot), (x - 42, foot)], (232, 92, 36))
        scene.shape(
            [(x - 22, foot - 80), (x + 22, foot - 80), (x + 30, foot - 48), (x - 30, foot - 48)], (244, 244, 240)
        )
        scene.rect((x - 54, foot - 6, x + 54, foot + 8), (196, 70, 30))


def scaffold(scene: Canvas, left: int, top: int, right: int, foot: int, *, net: bool) -> None:
    """Tubes, decks and, when it is as it should be, a green net."""
    for y in range(foot, top, -150):
        scene.rect((left, y - 12, right, y), (168, 132, 84))
        scene.line([(left, y - 70), (right, y - 70)], (150, 152, 150), 6)
    for x in range(left, right + 1, 110):
        lean = 0 if net else scene.rng.randint(-10, 16)
        scene.line([(x + lean, top - 30), (x, foot)], (150, 152, 150), 9)
    if net:
        for x in range(left, right, 16):
            scene.line([(x, top), (x, foot - 20)], (52, 122, 86), 9)
        for y in range(top, foot, 150):
            scene.line([(left, y), (right, y)], (40, 96, 70), 8)
        return
    for x in range(left, right - 109, 220):
        scene.line([(x, foot), (x + 110, foot - 150)], (150, 152, 150), 6)


def bunk(scene: Canvas, left: float, foot: float, size: float) -> None:
    """A bunk bed of steel with bedding."""
    blankets = [(96, 120, 160), (168, 92, 96), (112, 140, 104), (180, 160, 110)]
    for level in (0.18, 0.62):
        y = foot - size * level
        scene.rect((left, y - size * 0.04, left + size, y), STEEL)
        cover = scene.rng.choice(blankets)
        scene.shape(
            [
                (left + 8, y - size * 0.04),
                (left + size - 8, y - size * 0.04),
                (left + size - 24, y - size * 0.13),
                (left + size * 0.3, y - size * 0.15),
                (left + 16, y - size * 0.1),
            ],
            cover,
            shade(cover, 0.7),
        )
        scene.rect((left + 14, y - size * 0.12, left + size * 0.22, y - size * 0.04), (226, 222, 212))
    for x in (left, left + size):
        scene.line([(x, foot), (x, foot - size * 0.9)], (86, 96, 108), 12)
    scene.line([(left, foot - size * 0.8), (left + size, foot - size * 0.8)], (86, 96, 108), 7)
