"""Scenes under a roof: blocked exits, charging in corridors, hidden stores, gas, crowded rooms."""

from cli.demo.scenery.brush import DARK, RED, STEEL, Canvas, Colour, shade
from cli.demo.scenery.places import corridor, room
from cli.demo.scenery.things import bunk, cable, carton, carton_wall, cylinder, drum, e_bike, worker

GREEN: Colour = (24, 138, 84)
CARTON: Colour = (190, 148, 98)


def blocked_exit(scene: Canvas) -> None:
    """FIR-01: the exit at the end of a corridor, heaped with cartons."""
    x0, y0, x1, y1 = corridor(scene)
    middle = (x0 + x1) / 2
    scene.rect((middle - 120, y0 + 110, middle + 120, y1), (112, 122, 126), DARK, 6)
    scene.line([(middle, y0 + 110), (middle, y1)], DARK, 5)
    scene.rect((middle - 90, y0 + 300, middle + 90, y0 + 316), (200, 60, 50))
    scene.glow(middle, y0 + 66, 190, (120, 255, 190), 0.5)
    scene.sign((middle - 120, y0 + 36, middle + 120, y0 + 96), "安全出口", (240, 255, 244), GREEN)
    if scene.after:
        scene.sign((150, 560, 400, 700), "保持畅通", (250, 250, 240), GREEN)
        return
    for column, foot in ((560, 840), (690, 846), (830, 838), (950, 850)):
        for row in range(scene.rng.randint(2, 4)):
            carton(scene, column + scene.rng.randint(-10, 10), foot - row * 92, 128, scene.vary(CARTON), "")
    e_bike(scene, 420, 1090, 520, scene.rng.choice([RED, (60, 110, 160), (230, 226, 214)]))
    for place in ((1010, 1010), (1180, 1060), (1090, 920)):
        carton(scene, place[0], place[1], 190, scene.vary(CARTON), "")


def broken_hydrant(scene: Canvas) -> None:
    """FIR-02: a hydrant cabinet with nothing in it, its glass broken."""
    floor = room(scene)
    box = (470, 230, 1010, floor - 60)
    scene.rect(box, RED, shade(RED, 0.6), 10)
    scene.rect((510, 330, 970, floor - 100), (232, 230, 224) if scene.after else (54, 50, 50), DARK, 5)
    scene.sign((520, 246, 960, 320), "消火栓 火警119")
    scene.disc(860, 420, 42, (176, 150, 70))
    if scene.after:
        for radius in range(130, 20, -22):
            scene.disc(690, 540, radius, (206, 190, 150) if radius // 22 % 2 else (150, 60, 50))
        scene.sign((1090, 360, 1330, 500), "完好有效", ground=GREEN)
        return
    scene.shape([(510, 330), (720, 330), (610, 470), (640, 560), (510, 600)], (150, 170, 172))
    scene.shape([(970, 620), (880, 560), (930, 500), (970, 520)], (150, 170, 172))
    cable(scene, (860, 460), (700, floor + 60), 60, (150, 60, 50))
    for place in ((150, floor + 130), (320, floor + 190), (1080, floor + 150)):
        carton(scene, place[0], place[1], 220, scene.vary(CARTON), "")


def living_with_goods(scene: Canvas) -> None:
    """FIR-03: people sleep above a workshop's goods."""
    floor = room(scene, dim=True)
    scene.rect((120, 300, 900, 330), (126, 94, 60))
    if scene.after:
        scene.sign((420, 120, 1100, 220), "此处严禁住人", (250, 226, 120))
    else:
        bunk(scene, 160, 420, 560)
        scene.rect((930, 80, 1240, 120), STEEL)
        for x in range(950, 1220, 50):
            scene.shape([(x, 120), (x + 40, 120), (x + 34, 300), (x + 6, 300)], scene.vary((150, 90, 110), 40))
        cable(scene, (1240, 60), (300, 380), 90)
        cylinder(scene, 1400, floor + 150, 330, (96, 128, 150))
    carton_wall(scene, 110, floor + 60, 3 if scene.after else 5, 2 if scene.after else 3, 150, ["布料", "成衣", ""])
    scene.rect((1000, floor - 90, 1330, floor - 60), (150, 116, 76))
    scene.rect((1080, floor - 170, 1250, floor - 90), (70, 74, 80))
    scene.line([(1020, floor - 60), (1000, floor + 110)], DARK, 12)
    scene.line([(1310, floor - 60), (1330, floor + 110)], DARK, 12)


def locked_venue(scene: Canvas) -> None:
    """FIR-04: an emergency door of a KTV, chained."""
    x0, y0, x1, y1 = corridor(scene)
    scene.glow(90, 400, 420, (220, 60, 160), 0.5)
    scene.glow(1390, 400, 420, (70, 120, 230), 0.5)
    scene.sign((60, 330, 420, 460), "星光KTV", (255, 214, 120), (64, 26, 70))
    scene.rect((x0 + 50, y0 + 60, x1 - 50, y1), (86, 60, 50), DARK, 8)
    middle = (x0 + x1) / 2
    scene.line([(middle, y0 + 60), (middle, y1)], DARK, 6)
    scene.sign((middle - 130, y0 - 10, middle + 130, y0 + 50), "安全出口", (240, 255, 244), GREEN)
    for x in (middle - 50, middle + 50):
        scene.rect((x - 9, y0 + 250, x + 9, y0 + 350), (190, 180, 150))
    if scene.after:
        return
    for step in range(9):
        scene.draw.ellipse(
            (middle - 76 + step * 17, y0 + 286, middle - 52 + step * 17, y0 + 306), outline=(206, 206, 210), width=6
        )
    scene.rect((middle - 26, y0 + 308, middle + 26, y0 + 362), (196, 160, 60), DARK, 4)
    for place in ((1050, 1010), (1200, 1090)):
        carton(scene, place[0], place[1], 210, scene.vary(CARTON), "啤酒")


def charging_inside(scene: Canvas) -> None:
    """FIR-05: electric bicycles charged in a corridor from a loose cable."""
    corridor(scene)
    if scene.after:
        scene.sign((90, 500, 420, 640), "严禁停放充电")
        return
    cable(scene, (1130, 120), (360, 760), 120)
    cable(scene, (1100, 130), (1140, 700), 60, (220, 220, 214))
    colours = [(60, 110, 160), RED, (224, 220, 206), (70, 78, 84), (86, 140, 96)]
    scene.rng.shuffle(colours)
    for place, colour in zip(
        ((690, 850, 230), (960, 900, 320), (520, 990, 430), (1040, 1120, 560)), colours, strict=False
    ):
        e_bike(scene, *place, colour)
    scene.rect((300, 740, 430, 790), (236, 234, 226), DARK, 4)
    for x in (325, 360, 395):
        scene.rect((x - 8, 756, x + 8, 774), DARK)
    scene.glow(365, 765, 90, (255, 150, 60), 0.45)


def hidden_store(scene: Canvas) -> None:
    """FW-02: fireworks stored in a dwelling."""
    floor = room(scene, dim=True)
    scene.rect((1180, 160, 1460, 470), (44, 52, 60), (98, 86, 70), 14)
    if scene.after:
        scene.sign((420, 300, 1080, 430), "已清理 已查封", (250, 226, 120))
        scene.specks((100, floor + 40, 1500, 1160), (150, 60, 50), 60, 6)
        return
    carton_wall(scene, 60, floor + 40, 6, 6, 165, ["烟花", "爆竹", "礼花弹", "开门红"])
    carton_wall(scene, 760, floor + 250, 4, 3, 190, ["爆竹", "烟花", ""])
    for x in (170, 330, 420):
        scene.round_side((x, floor + 190, x + 90, floor + 330), (206, 44, 40))


def gas_den(scene: Canvas) -> None:
    """GAS-01: cylinders sold from a shed."""
    floor = room(scene, dim=True)
    scene.sign(
        (420, 110, 1180, 230), "送气电话 随叫随到" if not scene.after else "已取缔", (240, 236, 220), (60, 92, 140)
    )
    if scene.after:
        return
    for foot, count, high in ((floor + 50, 8, 300), (floor + 180, 7, 360), (floor + 330, 5, 430)):
        for number in range(count):
            colour = scene.rng.choice([(96, 128, 150), (150, 154, 150), (176, 100, 60), (88, 118, 104)])
            cylinder(scene, 170 + number * (1280 / count) + scene.rng.randint(-16, 16), foot, high, scene.vary(colour))


def gas_kitchen(scene: Canvas) -> None:
    """GAS-02: a restaurant's cylinder beside the flame, on an old hose."""
    floor = room(scene)
    scene.rect((160, floor - 260, 1080, floor - 200), (176, 180, 184), DARK, 4)
    scene.fade((180, floor - 200, 1060, floor + 30), (150, 154, 158), (110, 114, 118))
    for x in (360, 640, 900):
        scene.disc(x, floor - 262, 120, DARK, 0.3)
        scene.disc(x, floor - 290, 132, (62, 62, 64), 0.42)
        scene.glow(x, floor - 250, 110, (90, 140, 255), 0.7)
    scene.rect((150, 90, 1100, 230), STEEL, DARK, 5)
    if scene.after:
        scene.rect((1180, 300, 1300, 400), (240, 240, 236), STEEL, 5)
        scene.disc(1240, 350, 12, (50, 190, 90))
        scene.sign((1150, 420, 1330, 480), "燃气报警", ground=GREEN)
        return
    cylinder(scene, 1230, floor + 170, 420, (150, 154, 150))
    cable(scene, (1230, floor - 270), (940, floor - 220), 150, (186, 104, 60))
    cylinder(scene, 1420, floor + 190, 400, (96, 128, 150))
    scene.specks((160, floor + 60, 1500, 1160), (70, 62, 52), 160, 6)


def chemicals(scene: Canvas) -> None:
    """CHM-01: thinner and paint kept without leave."""
    floor = room(scene, dim=True)
    scene.sign((500, 120, 1100, 220), "严禁烟火")
    if scene.after:
        return
    colours: list[Colour] = [(46, 92, 150), (176, 60, 46), (70, 120, 84), (190, 150, 60)]
    for foot, count, high in ((floor + 40, 6, 300), (floor + 220, 5, 380)):
        for number in range(count):
            drum(
                scene,
                190 + number * 1260 / count + scene.rng.randint(-20, 20),
                foot,
                high,
                scene.vary(scene.rng.choice(colours)),
            )
    scene.glow_flat(700, 1130, 420, (60, 48, 70), 0.6)


def workshop(scene: Canvas) -> None:
    """IND-01: dust in a workshop, a tank left open, nobody watching."""
    floor = room(scene, dim=True)
    for x in (80, 560, 1040):
        scene.rect((x, 90, x + 400, 250), (150, 168, 172), (90, 90, 88), 8)
    scene.round_side((140, 330, 620, floor + 60), (126, 132, 136))
    scene.disc(380, 330, 240, (150, 156, 160), 0.22)
    scene.sign((240, 520, 520, 600), "有限空间", (30, 30, 30), (240, 200, 50))
    scene.rect((860, 560, 1400, floor + 80), (84, 112, 132), DARK, 5)
    scene.rect((960, 420, 1250, 560), (70, 96, 116), DARK, 5)
    if scene.after:
        scene.sign((700, 300, 840, 520), "已上锁", ground=GREEN)
        return
    scene.disc(380, 326, 110, (18, 18, 20), 0.24)
    scene.line([(330, 320), (300, 120)], (170, 150, 90), 12)
    scene.line([(420, 320), (400, 120)], (170, 150, 90), 12)
    worker(scene, 760, floor + 150, 470, helmet=False)
    for _ in range(26):
        scene.glow(
            scene.rng.randint(100, 1500),
            scene.rng.randint(200, 1100),
            scene.rng.randint(120, 260),
            (206, 196, 170),
            0.3,
        )


def crowded_rental(scene: Canvas) -> None:
    """RNT-01: bunk after bunk in one room, wires between them."""
    floor = room(scene)
    if scene.after:
        bunk(scene, 900, floor + 110, 560)
        return
    for left, foot, size in (
        (60, floor + 40, 480),
        (590, floor + 30, 470),
        (1090, floor + 40, 480),
        (160, floor + 330, 640),
        (900, floor + 350, 640),
    ):
        bunk(scene, left, foot, size)
    for _ in range(6):
        cable(
            scene, (scene.rng.randint(0, 1600), 40), (scene.rng.randint(100, 1500), floor), scene.rng.randint(40, 140)
        )
