"""Where a scene plays: a street, a yard, a room, a corridor. Each says at which height its ground lies."""

from cli.demo.scenery.brush import HEIGHT, WIDTH, Canvas, Colour, shade

_WALLS: list[Colour] = [(206, 196, 180), (188, 192, 190), (214, 206, 186), (178, 170, 158), (198, 178, 158)]
_SKIES: list[tuple[Colour, Colour]] = [
    ((150, 186, 222), (226, 234, 238)),
    ((176, 188, 198), (222, 222, 218)),
    ((128, 170, 218), (236, 226, 206)),
]


def open_air(scene: Canvas, horizon: int = 640, ground: Colour = (150, 146, 138)) -> int:
    """Sky above, ground below; returns the horizon."""
    top, low = scene.rng.choice(_SKIES)
    scene.fade((0, 0, WIDTH, horizon), top, low)
    scene.fade((0, horizon, WIDTH, HEIGHT), shade(ground, 1.06), shade(ground, 0.82))
    scene.specks((0, horizon, WIDTH, HEIGHT), shade(ground, 0.9), 500, 3)
    return horizon


def skyline(scene: Canvas, horizon: int, *, night: bool = False) -> None:
    """Blocks of flats far behind."""
    x = -40
    while x < WIDTH:
        wide, high = scene.rng.randint(110, 210), scene.rng.randint(150, 420)
        colour = (34, 38, 52) if night else scene.vary((172, 178, 186), 10)
        scene.rect((x, horizon - high, x + wide, horizon), colour)
        for row in range(horizon - high + 24, horizon - 30, 40):
            for left in range(x + 16, x + wide - 26, 36):
                lit = scene.rng.random() < 0.35  # noqa: PLR2004
                glass = (232, 200, 120) if night and lit else shade(colour, 0.8)
                scene.rect((left, row, left + 18, row + 22), glass)
        x += wide + scene.rng.randint(-6, 40)


def street(scene: Canvas, horizon: int = 600) -> int:
    """A road with a kerb before a row of houses; returns where the pavement ends and the road begins."""
    open_air(scene, horizon)
    skyline(scene, horizon)
    scene.fade((0, horizon, WIDTH, horizon + 190), (186, 180, 170), (172, 166, 158))
    for x in range(-400, WIDTH + 400, 110):
        scene.line([(x + (800 - x) * 0.12, horizon), (x, horizon + 190)], (158, 152, 146), 2)
    scene.rect((0, horizon + 190, WIDTH, horizon + 206), (206, 204, 198))
    scene.fade((0, horizon + 206, WIDTH, HEIGHT), (96, 98, 100), (74, 76, 80))
    scene.specks((0, horizon + 206, WIDTH, HEIGHT), (108, 108, 108), 350, 3)
    for x in range(60 + scene.rng.randint(0, 120), WIDTH, 330):
        scene.shape([(x, 1010), (x + 170, 1010), (x + 160, 1030), (x - 16, 1030)], (214, 212, 204))
    return horizon + 200


def shop_front(scene: Canvas, left: int, right: int, foot: int, name: str, *, open_: bool = True) -> None:
    """A shop on the ground floor: board, roller shutter or glass, storey above."""
    wall = scene.vary(scene.rng.choice(_WALLS), 8)
    scene.rect((left, 60, right, foot), wall)
    for x in range(left + 60, right - 150, 250):
        scene.rect((x, 130, x + 130, 290), (112, 132, 146), (236, 236, 232), 8)
        scene.line([(x + 65, 130), (x + 65, 290)], (236, 236, 232), 6)
    scene.sign((left + 16, 350, right - 16, 450), name)
    if open_:
        scene.fade((left + 40, 460, right - 40, foot), (58, 52, 48), (96, 86, 76))
        return
    scene.fade((left + 40, 460, right - 40, foot), (166, 170, 174), (140, 144, 148))
    for y in range(470, foot, 20):
        scene.line([(left + 40, y), (right - 40, y)], (124, 128, 132), 3)


def corridor(scene: Canvas) -> tuple[int, int, int, int]:
    """A corridor seen along its length; returns the far wall's box."""
    wall = scene.vary(scene.rng.choice(_WALLS), 8)
    back = (560, 330, 1040, 800)
    x0, y0, x1, y1 = back
    scene.shape([(0, 0), (WIDTH, 0), (x1, y0), (x0, y0)], shade(wall, 1.12))
    scene.shape([(0, HEIGHT), (WIDTH, HEIGHT), (x1, y1), (x0, y1)], (146, 138, 128))
    scene.shape([(0, 0), (x0, y0), (x0, y1), (0, HEIGHT)], shade(wall, 0.86))
    scene.shape([(WIDTH, 0), (x1, y0), (x1, y1), (WIDTH, HEIGHT)], shade(wall, 0.94))
    scene.rect(back, wall)
    for step in range(1, 7):
        y = y1 + (HEIGHT - y1) * step * step / 36
        inset = x0 * (1 - (y - y1) / (HEIGHT - y1))
        scene.line([(inset, y), (WIDTH - inset, y)], (126, 118, 110), 3)
    for x in range(-600, 2300, 200):
        scene.line([(x, HEIGHT), (800 + (x - 800) * 0.3, y1)], (126, 118, 110), 2)
    scene.shape([(0, 760), (x0, 640), (x0, y1), (0, HEIGHT)], (92, 124, 112))
    scene.shape([(WIDTH, 760), (x1, 640), (x1, y1), (WIDTH, HEIGHT)], (100, 132, 120))
    scene.glow(800, 120, 460, (255, 250, 226), 0.65)
    scene.shape([(700, 70), (900, 70), (870, 120), (730, 120)], (255, 254, 244))
    return back


def room(scene: Canvas, *, dim: bool = False) -> int:
    """A room seen square on; returns where the floor begins."""
    wall = scene.vary(scene.rng.choice(_WALLS), 10)
    wall = shade(wall, 0.72) if dim else wall
    floor = 780
    scene.fade((0, 0, WIDTH, floor), shade(wall, 0.94), wall)
    scene.fade((0, floor, WIDTH, HEIGHT), (132, 124, 114), (104, 98, 90))
    scene.rect((0, floor - 18, WIDTH, floor), shade(wall, 0.7))
    for x in range(-900, 2600, 210):
        scene.line([(x, HEIGHT), (800 + (x - 800) * 0.45, floor)], (96, 90, 84), 2)
    for y in (floor + 60, floor + 150, floor + 280):
        scene.line([(0, y), (WIDTH, y)], (96, 90, 84), 2)
    for _ in range(8):
        x, y = scene.rng.randint(0, WIDTH), scene.rng.randint(80, floor)
        scene.glow(x, y, scene.rng.randint(60, 180), shade(wall, 0.8), 0.35)
    scene.glow(800, 60, 520, (255, 240, 204), 0.4 if dim else 0.6)
    return floor
