"""Scenes of work in the open: building sites, a roof, a pit, a quarry, a forklift."""

from cli.demo.scenery.brush import DARK, STEEL, WIDTH, Canvas, Colour, shade
from cli.demo.scenery.places import open_air, skyline
from cli.demo.scenery.things import cable, carton, cones, scaffold, truck, worker

BRICK: Colour = (166, 92, 70)


def _storeys(scene: Canvas, left: int, right: int, foot: int, count: int) -> int:
    """A bare frame of concrete and brick; returns its top."""
    high = 150
    for level in range(count):
        y = foot - level * high
        scene.rect((left, y - high, right, y), scene.vary(BRICK, 6))
        for row in range(y - high + 26, y - 10, 20):
            scene.line([(left, row), (right, row)], shade(BRICK, 0.82), 2)
        for x in range(left + 50, right - 110, 190):
            scene.rect((x, y - high + 44, x + 96, y - 26), (52, 46, 44))
        scene.rect((left - 12, y - high, right + 12, y - high + 22), (168, 164, 156))
        for x in range(left, right + 1, 190):
            scene.rect((x - 10, y - high, x + 10, y), (160, 156, 148))
    top = foot - count * high
    for x in range(left, right + 1, 190):
        for lean in (-8, 0, 8):
            scene.line([(x + lean, top), (x + lean * 1.6, top - 60)], (126, 76, 50), 4)
    return top


def building_site(scene: Canvas) -> None:
    """BLD-01: work without fence, net or helmets."""
    foot = open_air(scene, 700, (168, 142, 108)) + 120
    skyline(scene, 700)
    top = _storeys(scene, 330, 1180, foot, 4)
    scaffold(scene, 300, top - 20, 1220, foot, net=scene.after)
    scene.shape([(60, 1010), (210, 880), (380, 1010)], (190, 160, 116))
    for row in range(4):
        for x in range(1250, 1500, 62):
            scene.rect((x, 960 - row * 30, x + 56, 986 - row * 30), scene.vary(BRICK))
    if scene.after:
        scene.sign((460, 880, 1080, 990), "停工整改", (250, 240, 200))
        return
    worker(scene, 520, foot - 300, 150, helmet=False)
    worker(scene, 900, foot - 450, 150, helmet=False, vest=(150, 92, 60))
    worker(scene, 700, 1120, 330, helmet=scene.rng.random() < 0.5, vest=(92, 96, 60))  # noqa: PLR2004


def village_house(scene: Canvas) -> None:
    """BLD-02: a private house rises beside a power line."""
    foot = open_air(scene, 720, (132, 140, 92)) + 90
    for x in (60, 1280, 1420):
        scene.disc(x + 70, 640, 120, (84, 122, 72))
        scene.rect((x + 60, 700, x + 82, 800), (96, 74, 54))
    top = _storeys(scene, 420, 1180, foot, 3)
    for y in (190, 230, 270):
        cable(scene, (0, y), (WIDTH, y - 40), 50)
    scene.line([(1330, 120), (1330, foot)], (150, 146, 138), 26)
    if scene.after:
        scaffold(scene, 390, top, 1210, foot, net=True)
        cones(scene, 1080, 260, 800, 1330)
        return
    for x in range(430, 1180, 90):
        scene.line([(x, foot), (x + scene.rng.randint(-14, 14), top - 40)], (176, 146, 90), 9)
    worker(scene, 820, top, 150, helmet=False)
    carton(scene, 200, 1060, 160, (168, 168, 162), "水泥")
    carton(scene, 250, 950, 160, (168, 168, 162), "水泥")


def roof_shed(scene: Canvas) -> None:
    """BLD-03: a tin storey added on a roof."""
    open_air(scene, 900)
    skyline(scene, 900)
    scene.rect((180, 470, 1420, 1150), (204, 192, 168), (150, 140, 120), 6)
    for y in (560, 800):
        for x in range(260, 1330, 230):
            scene.rect((x, y, x + 130, y + 150), (106, 126, 140), (236, 236, 230), 8)
    if scene.after:
        scene.rect((180, 440, 1420, 480), (176, 166, 148))
        return
    scene.fade((280, 250, 1240, 470), (92, 138, 184), (72, 112, 158))
    for x in range(280, 1240, 34):
        scene.line([(x, 250), (x, 470)], (66, 104, 148), 4)
    scene.shape([(250, 250), (1270, 250), (1180, 180), (340, 180)], (178, 56, 48))
    scene.line([(1300, 470), (1360, 220)], STEEL, 9)
    worker(scene, 1330, 470, 170, helmet=False)


def crane_and_pit(scene: Canvas) -> None:
    """BLD-04: an unshored pit below a tower crane."""
    horizon = open_air(scene, 620, (170, 138, 98))
    skyline(scene, horizon)
    for y in range(horizon, 60, -44):
        scene.line([(1120, y), (1180, y - 44)], (216, 166, 40), 7)
        scene.line([(1180, y), (1120, y - 44)], (216, 166, 40), 7)
    for x in (1120, 1180):
        scene.line([(x, horizon), (x, 60)], (216, 166, 40), 10)
    scene.line([(300, 110), (1420, 90)], (216, 166, 40), 16)
    scene.line([(300, 110), (1150, 50), (1420, 90)], (150, 120, 40), 5)
    scene.rect((1330, 96, 1420, 170), (120, 118, 112))
    scene.line([(520, 110), (520, 420)], DARK, 4)
    scene.rect((430, 420, 610, 450), (140, 100, 60))
    scene.shape([(160, 760), (1340, 720), (1540, 1090), (60, 1130)], (96, 70, 46))
    scene.shape([(250, 830), (1260, 800), (1400, 1060), (170, 1090)], (70, 52, 36))
    scene.glow_flat(760, 1010, 420, (110, 130, 140), 0.7)
    if scene.after:
        for x in range(170, 1400, 70):
            scene.line([(x, 790), (x, 640)], (226, 190, 40), 8)
        for y in (660, 720):
            scene.line([(150, y), (1400, y)], (226, 60, 40), 8)
        return
    scene.shape([(980, 735), (1180, 728), (1260, 960), (1080, 940)], (150, 112, 74))
    worker(scene, 620, 1040, 190, helmet=False)
    worker(scene, 420, 1060, 190, helmet=True)


def quarry(scene: Canvas) -> None:
    """MIN-01: a hillside cut open."""
    open_air(scene, 700, (182, 168, 142))
    scene.shape([(0, 700), (260, 260), (620, 150), (1050, 210), (1400, 420), (1600, 700)], (104, 128, 88))
    if scene.after:
        scene.specks((100, 420, 1500, 690), (92, 140, 80), 260, 16)
        scene.sign((540, 840, 1060, 960), "禁止开采", (250, 240, 200))
        return
    scene.shape([(240, 700), (420, 330), (700, 240), (1080, 300), (1330, 700)], (206, 192, 164))
    for step, y in enumerate((380, 470, 570)):
        scene.line([(400 - step * 60, y), (1120 + step * 66, y + 16)], (158, 140, 112), 16)
    scene.specks((240, 560, 1400, 900), (190, 176, 150), 300, 13)
    scene.shape([(660, 860), (900, 860), (880, 760), (700, 760)], (226, 170, 40), DARK)
    scene.line([(860, 780), (1040, 640), (1130, 790)], (206, 150, 36), 26)
    scene.rect((640, 860, 930, 910), DARK)
    truck(scene, 80, 1080, 520, (190, 80, 50), (190, 176, 150))


def forklift(scene: Canvas) -> None:
    """SEQ-01: a forklift without a plate lifts a man."""
    foot = open_air(scene, 520, (150, 148, 142)) + 420
    scene.fade((0, 180, WIDTH, 620), (136, 152, 166), (120, 134, 148))
    for x in range(0, WIDTH, 46):
        scene.line([(x, 180), (x, 620)], (112, 126, 140), 5)
    colour = scene.vary((226, 150, 40))
    scene.shadow(760, foot + 70, 420)
    scene.shape(
        [(560, foot + 40), (560, foot - 160), (720, foot - 170), (760, foot - 60), (960, foot - 60), (980, foot + 40)],
        colour,
        DARK,
    )
    scene.line([(640, foot - 160), (690, foot - 380), (880, foot - 380), (920, foot - 60)], DARK, 14)
    scene.line([(1000, foot + 50), (1000, foot - 560)], (70, 72, 76), 22)
    for hub in (650, 900):
        scene.disc(hub, foot + 40, 64, DARK)
        scene.disc(hub, foot + 40, 30, STEEL)
    fork = foot + 40 if scene.after else foot - 330
    scene.line([(1010, fork), (1250, fork)], (60, 62, 66), 18)
    if scene.after:
        scene.sign((600, foot - 140, 720, foot - 70), "已登记", ground=(24, 138, 84))
        return
    scene.rect((1030, fork - 30, 1260, fork - 10), (170, 130, 80))
    worker(scene, 1140, fork - 30, 250, helmet=False)
