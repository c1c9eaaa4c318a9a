"""The demo's photos, drawn by code: the same category and seed give the same picture, before and after."""

import io
from collections.abc import Callable
from random import Random

from cli.demo.scenery import indoors, outdoors, works
from cli.demo.scenery.brush import Canvas

QUALITY = 80

SCENES: dict[str, Callable[[Canvas], None]] = {
    "FW-01": outdoors.firework_stall,
    "FW-02": indoors.hidden_store,
    "FW-03": outdoors.fireworks_transport,
    "FW-04": outdoors.night_fireworks,
    "BLD-01": works.building_site,
    "BLD-02": works.village_house,
    "BLD-03": works.roof_shed,
    "BLD-04": works.crane_and_pit,
    "TRN-01": outdoors.black_car,
    "TRN-02": outdoors.muddy_truck,
    "TRN-03": outdoors.overloaded,
    "WTR-01": outdoors.ferry,
    "FIR-01": indoors.blocked_exit,
    "FIR-02": indoors.broken_hydrant,
    "FIR-03": indoors.living_with_goods,
    "FIR-04": indoors.locked_venue,
    "FIR-05": indoors.charging_inside,
    "GAS-01": indoors.gas_den,
    "GAS-02": indoors.gas_kitchen,
    "CHM-01": indoors.chemicals,
    "MIN-01": works.quarry,
    "IND-01": indoors.workshop,
    "SEQ-01": works.forklift,
    "PUB-01": outdoors.road_hole,
    "RNT-01": indoors.crowded_rental,
    "CCL-01": outdoors.shut_gate,
    "OTH-01": outdoors.heap,
}


def picture(category_code: str, seed: int, after: bool = False) -> bytes:
    """A JPEG of 1600×1200, 100–300 kB: what the category looks like, or the same place once it was put right.

    A category without a scene of its own shows that of OTH-01.
    """
    # What differs from seed to seed must not differ between before and after; the place is drawn first.
    rng = Random(f"{category_code}:{seed}")  # noqa: S311 - a drawing, not a secret
    light = rng.uniform(0.88, 1.08)
    scene = Canvas(rng, after=after)
    SCENES.get(category_code, outdoors.heap)(scene)
    out = io.BytesIO()
    scene.finished(light * (1.05 if after else 1.0)).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
