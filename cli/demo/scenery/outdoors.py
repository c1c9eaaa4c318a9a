"""Scenes in the open: stalls, vehicles, water, a hole in the road."""

import math

from cli.demo.scenery.brush import DARK, HEIGHT, RED, WIDTH, Canvas, Colour, shade
from cli.demo.scenery.places import shop_front, skyline, street
from cli.demo.scenery.things import cable, carton, carton_wall, cones, truck, van, worker

MUD: Colour = (126, 92, 60)


def firework_stall(scene: Canvas) -> None:
    """FW-01: a table of fireworks before a shop."""
    foot = street(scene) - 70
    name = scene.rng.choice(["便民百货", "好又多超市", "老街日杂", "利民副食"])
    shop_front(scene, 180, 1420, foot, name, open_=not scene.after)
    if scene.after:
        scene.sign((640, 560, 960, 660), "已查封", (250, 240, 200))
        return
    for x in range(220, 1400, 130):
        scene.shape([(x, 440), (x + 130, 440), (x + 150, 560), (x - 20, 560)], RED if x // 130 % 2 else (236, 226, 206))
    scene.rect((260, 770, 1360, 800), (150, 40, 36))
    scene.rect((270, 800, 1350, 950), (176, 44, 40))
    scene.sign(
        (480, 820, 1140, 930), scene.rng.choice(["烟花爆竹 特价", "年货烟花", "烟花 鞭炮 批发"]), (255, 226, 110)
    )
    for row, count in ((0, 9), (1, 7), (2, 4)):
        for number in range(count):
            colour = scene.vary(scene.rng.choice([(206, 40, 36), (224, 120, 40), (190, 36, 70)]))
            carton(
                scene, 290 + row * 60 + number * 114, 770 - row * 72, 98, colour, scene.rng.choice(["烟花", "爆竹", ""])
            )
    for x in (200, 1390):
        for y in range(560, 900, 34):
            scene.disc(x, y, 22, (200, 34, 34), 0.7)


def fireworks_transport(scene: Canvas) -> None:
    """FW-03: cartons of fireworks in the open back of a van."""
    foot = street(scene)
    van(scene, 240, foot + 260, 1120, scene.vary((222, 224, 222)), "" if scene.after else "货运")
    if scene.after:
        cones(scene, foot + 330, 140, 1440)
        return
    scene.rect((262, foot - 210, 700, foot + 150), (40, 40, 42))
    for row in range(4):
        for number in range(4):
            carton(scene, 276 + number * 98, foot + 148 - row * 82, 92, scene.vary((200, 44, 38)), "爆竹")
    carton_wall(scene, 60, foot + 330, 2, 2, 150, ["烟花"])


def night_fireworks(scene: Canvas) -> None:
    """FW-04: fireworks over houses at night."""
    scene.fade((0, 0, WIDTH, 820), (10, 14, 34), (40, 40, 66))
    skyline(scene, 840, night=True)
    scene.fade((0, 840, WIDTH, HEIGHT), (34, 34, 40), (18, 18, 22))
    if scene.after:
        return
    for _ in range(4):
        x, y, reach = scene.rng.randint(200, 1400), scene.rng.randint(140, 460), scene.rng.randint(110, 220)
        colour = scene.rng.choice([(255, 196, 90), (255, 110, 110), (130, 220, 255), (170, 255, 150)])
        scene.glow(x, y, reach * 1.5, colour, 0.4)
        for ray in range(26):
            angle = ray * math.tau / 26 + scene.rng.uniform(-0.08, 0.08)
            end = reach * scene.rng.uniform(0.7, 1.05)
            tip = (x + math.cos(angle) * end, y + math.sin(angle) * end + 16)
            scene.line([(x + math.cos(angle) * end * 0.3, y + math.sin(angle) * end * 0.3), tip], colour, 4)
            scene.disc(*tip, 6, (255, 250, 230))
    scene.glow(800, 1010, 300, (255, 190, 110), 0.8)
    carton(scene, 740, 1050, 130, (150, 50, 40), "")
    for x in (560, 640, 1010):
        worker(scene, x, 1100, 230, helmet=False, vest=(50, 54, 70))


def black_car(scene: Canvas) -> None:
    """TRN-01: a small bus that calls for passengers at the kerb."""
    foot = street(scene)
    van(
        scene,
        220,
        foot + 230,
        1080,
        scene.vary(scene.rng.choice([(226, 226, 222), (186, 190, 196), (214, 196, 150)])),
        "",
    )
    if scene.after:
        cones(scene, foot + 300, 120, 1420)
        return
    scene.sign((640, foot - 20, 900, foot + 60), "随上随走")
    for x in (1360, 1430, 1500):
        worker(
            scene,
            x,
            foot + 130,
            300,
            helmet=False,
            vest=scene.rng.choice([(150, 60, 70), (60, 90, 130), (90, 110, 80)]),
        )


def muddy_truck(scene: Canvas) -> None:
    """TRN-02: a tipper that loses earth on the road."""
    foot = street(scene)
    colour = scene.rng.choice([(190, 70, 46), (60, 110, 150), (206, 170, 60)])
    if scene.after:
        truck(scene, 180, foot + 220, 1200, shade(colour, 1.1), None)
        scene.glow_flat(800, foot + 290, 600, (160, 176, 186), 0.4)
        return
    scene.specks((0, foot + 60, WIDTH, HEIGHT), MUD, 700, 11)
    truck(scene, 180, foot + 220, 1200, colour, MUD)
    scene.specks((170, foot - 260, 1360, foot + 190), shade(MUD, 0.9), 420, 7)
    for _ in range(10):
        scene.glow(scene.rng.randint(0, 330), scene.rng.randint(foot, foot + 240), 170, (190, 168, 138), 0.4)


def overloaded(scene: Canvas) -> None:
    """TRN-03: a load far above the sides."""
    foot = street(scene)
    truck(scene, 180, foot + 240, 1200, scene.vary((80, 120, 160)), None)
    if scene.after:
        return
    for row, count in ((0, 7), (1, 7), (2, 6), (3, 5)):
        for number in range(count):
            carton(
                scene,
                190 + number * 114 + row * 20 + scene.rng.randint(-9, 9),
                foot - 288 - row * 80,
                108,
                scene.vary((196, 168, 120)),
                "",
            )
    cable(scene, (180, foot - 200), (1000, foot - 210), -420, (60, 90, 60))


def ferry(scene: Canvas) -> None:
    """WTR-01: a small boat with too many on board and no life jackets."""
    scene.fade((0, 0, WIDTH, 520), (176, 196, 212), (226, 230, 226))
    scene.shape([(0, 520), (300, 400), (700, 500), (1100, 390), (1600, 510), (1600, 560), (0, 560)], (112, 136, 112))
    scene.fade((0, 540, WIDTH, HEIGHT), (126, 150, 150), (76, 104, 110))
    for _ in range(120):
        x, y = scene.rng.randint(0, WIDTH), scene.rng.randint(560, HEIGHT)
        scene.line([(x, y), (x + scene.rng.randint(30, 140), y)], scene.vary((150, 172, 172)), 3)
    vest: Colour | None = (236, 110, 30) if scene.after else None
    for number in range(5 if scene.after else 13):
        x = 420 + number * (150 if scene.after else 62)
        worker(
            scene,
            x,
            850,
            230 + scene.rng.randint(-16, 16),
            helmet=False,
            vest=vest or scene.vary(scene.rng.choice([(90, 60, 70), (60, 80, 110), (120, 112, 90)])),
        )
    sink = 0 if scene.after else 50
    scene.shape([(260, 780 + sink), (1360, 770 + sink), (1240, 940), (380, 940)], (116, 76, 50), DARK)
    scene.line([(260, 780 + sink), (1360, 770 + sink)], (206, 190, 150), 14)
    scene.glow_flat(800, 950, 640, (40, 60, 66), 0.5)


def road_hole(scene: Canvas) -> None:
    """PUB-01: the road has fallen in."""
    foot = street(scene)
    if scene.after:
        scene.shape([(430, 900), (1130, 880), (1260, 1080), (360, 1110)], (56, 58, 62))
        return
    x, y = 800 + scene.rng.randint(-120, 120), foot + 210
    scene.disc(x, y, 390, (128, 124, 116), 0.36)
    scene.disc(x, y + 10, 350, (110, 84, 58), 0.36)
    scene.disc(x, y + 34, 310, (40, 30, 24), 0.33)
    for _ in range(22):
        angle = scene.rng.uniform(0, math.tau)
        a, b = math.cos(angle), math.sin(angle) * 0.36
        scene.line(
            [(x + a * 380, y + b * 380), (x + a * scene.rng.randint(430, 560), y + b * scene.rng.randint(430, 560))],
            (48, 50, 54),
            5,
        )
    if scene.rng.random() < 0.5:  # noqa: PLR2004
        cones(scene, foot + 90, x - 420, x + 430)


def shut_gate(scene: Canvas) -> None:
    """CCL-01: a works gate that stays shut."""
    foot = street(scene)
    scene.rect((0, 330, WIDTH, foot - 60), (176, 168, 156), (140, 134, 124), 6)
    for x in (330, 1190):
        scene.rect((x, 230, x + 90, foot - 60), (150, 84, 66), DARK, 4)
    scene.fade((420, 330, 1190, foot - 60), (96, 106, 116), (76, 84, 94))
    for x in range(450, 1180, 60):
        scene.line([(x, 330), (x, foot - 60)], (60, 66, 74), 9)
    scene.sign((540, 420, 1070, 500), "厂区重地 闲人免进", (230, 226, 210), (60, 66, 74))
    if not scene.after:
        cable(scene, (60, foot - 30), (1540, foot - 40), 40, (230, 190, 40))
    cones(scene, foot + 60, *((500, 1100) if scene.after else ()))


def heap(scene: Canvas) -> None:
    """OTH-01: something left at the roadside."""
    foot = street(scene)
    if scene.after:
        return
    for number in range(7):
        carton(
            scene,
            380 + number * 120 + scene.rng.randint(-30, 30),
            foot + 60 + scene.rng.randint(-40, 70),
            scene.rng.randint(110, 190),
            scene.vary((176, 150, 112), 25),
            "",
        )
    scene.specks((320, foot - 30, 1380, foot + 140), (120, 126, 110), 260, 16)
    cable(scene, (360, foot), (1300, foot + 90), 60, (60, 62, 66))
