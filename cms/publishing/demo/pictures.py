"""What do the demo's pictures show? Each is painted by code, always the same, in about a tenth of a second. Pure."""

import math
import time
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from cms.publishing.demo.brush import (
    AMBER,
    BRICK,
    CORAL,
    DEEP,
    HEIGHT,
    INK,
    MIST,
    MOSS,
    PAPER,
    ROSE,
    SAND,
    TEAL,
    WIDTH,
    Canvas,
    mix,
)  # fmt: skip

QUALITY = 88
"""Of the JPEG files that are uploaded."""


def dawn() -> Image.Image:
    """A tower on its headland, the sun just up."""
    canvas = Canvas(mix(DEEP, MIST, 0.55), mix(AMBER, PAPER, 0.5), mix(CORAL, PAPER, 0.45), SAND, seed=3)
    canvas.glow(1090, 560, 330, mix(AMBER, PAPER, 0.5))
    canvas.circle(1090, 560, 74, mix(PAPER, AMBER, 0.25))
    canvas.hills(560, 60, mix(TEAL, MIST, 0.62))
    canvas.hills(600, 70, mix(TEAL, MIST, 0.4))
    canvas.sea(630, mix(SAND, TEAL, 0.35), mix(DEEP, TEAL, 0.25))
    canvas.glitter(1090, 640, mix(AMBER, PAPER, 0.4), spread=90)
    canvas.hills(900, 44, mix(MOSS, DEEP, 0.55), slope=250)
    lamp = canvas.tower(330, 690, 420, body=PAPER, bands=BRICK, lamp=mix(AMBER, PAPER, 0.3))
    canvas.house(430, 735, 130, PAPER, BRICK)
    canvas.glow(330, lamp, 60, AMBER, strength=0.6)
    canvas.hills(985, 26, mix(MOSS, INK, 0.62), slope=120)
    canvas.birds(860, 280, 9, mix(INK, DEEP, 0.5))
    return canvas.finished()


def twins() -> Image.Image:
    """Two towers on one island in the evening."""
    canvas = Canvas(mix(INK, DEEP, 0.4), mix(DEEP, ROSE, 0.45), mix(CORAL, ROSE, 0.4), mix(AMBER, CORAL, 0.3), seed=11)
    canvas.glow(800, 640, 420, AMBER, strength=0.65)
    canvas.hills(640, 34, mix(DEEP, ROSE, 0.35))
    canvas.sea(660, mix(CORAL, DEEP, 0.45), INK)
    canvas.glitter(800, 668, mix(AMBER, CORAL, 0.25), spread=70)
    rock = [(430, 742), (520, 690), (640, 672), (780, 692), (900, 668), (1040, 684), (1150, 742)]
    canvas.polygon(rock, mix(INK, DEEP, 0.25))
    first = canvas.tower(620, 690, 360, body=mix(PAPER, ROSE, 0.3), bands=DEEP, lamp=AMBER)
    second = canvas.tower(965, 684, 300, body=mix(PAPER, ROSE, 0.3), bands=BRICK, lamp=AMBER)
    for x, y in ((620, first), (965, second)):
        canvas.beam(x, y, 168 if x < 800 else 14, mix(AMBER, PAPER, 0.5), strength=0.4)
        canvas.glow(x, y, 80, mix(AMBER, PAPER, 0.4), strength=0.9)
    canvas.boat(1330, 800, 84, INK, mix(SAND, CORAL, 0.3))
    return canvas.finished()


def stack() -> Image.Image:
    """A pillar of rock with a small light, full of birds."""
    canvas = Canvas(mix(TEAL, MIST, 0.5), MIST, mix(PAPER, MIST, 0.4), PAPER, seed=23)
    canvas.glow(420, 240, 200, PAPER)
    canvas.hills(600, 50, mix(TEAL, MIST, 0.7))
    canvas.sea(640, mix(TEAL, MIST, 0.45), mix(DEEP, TEAL, 0.35))
    pillar = [
        (760, 830),
        (800, 640),
        (790, 520),
        (850, 430),
        (1010, 405),
        (1120, 450),
        (1150, 560),
        (1180, 680),
        (1240, 830),
    ]
    canvas.polygon(pillar, mix(SAND, INK, 0.45))
    canvas.polygon(
        [(1010, 405), (1120, 450), (1150, 560), (1180, 680), (1240, 830), (1040, 830), (1060, 640)],
        mix(SAND, INK, 0.62),
    )
    for number in range(7):
        y = 480 + number * 48
        canvas.line([(802 + number * 2, y), (1000, y + 14), (1150 + number * 8, y - 6)], mix(SAND, INK, 0.33), width=5)
    canvas.polygon([(842, 432), (1010, 403), (1124, 452), (1090, 470), (960, 440), (880, 458)], MOSS)
    canvas.tower(960, 425, 210, body=PAPER, bands=CORAL, lamp=mix(AMBER, PAPER, 0.5))
    canvas.birds(960, 300, 42, mix(INK, DEEP, 0.35), spread=250)
    canvas.sea(820, mix(DEEP, TEAL, 0.55), mix(DEEP, INK, 0.25))
    return canvas.finished()


def night() -> Image.Image:
    """The beam goes round under the stars."""
    canvas = Canvas(INK, mix(INK, DEEP, 0.35), mix(INK, DEEP, 0.7), DEEP, seed=31)
    canvas.stars(230, 640)
    canvas.beam(505, 395, 12, mix(AMBER, PAPER, 0.55), strength=0.5)
    canvas.beam(505, 395, 188, mix(AMBER, PAPER, 0.55), strength=0.32)
    canvas.hills(700, 46, mix(INK, DEEP, 0.5))
    canvas.sea(740, mix(DEEP, INK, 0.35), mix(INK, (0, 0, 0), 0.3))
    canvas.glitter(1080, 750, mix(AMBER, DEEP, 0.45), spread=100, number=26)
    canvas.hills(905, 34, mix(INK, (0, 0, 0), 0.35), slope=190)
    lamp = canvas.tower(
        505, 745, 440, body=mix(MIST, DEEP, 0.45), bands=mix(BRICK, INK, 0.35), lamp=mix(AMBER, PAPER, 0.5)
    )
    canvas.glow(505, lamp, 130, mix(AMBER, PAPER, 0.5), strength=1.0)
    canvas.house(600, 782, 120, mix(MIST, INK, 0.6), mix(BRICK, INK, 0.6), lit=True)
    return canvas.finished()


def storm() -> Image.Image:
    """A swell as high as the rocks; one light holds on."""
    canvas = Canvas(mix(INK, MIST, 0.25), mix(DEEP, MIST, 0.3), mix(MIST, DEEP, 0.35), seed=41)
    for _ in range(7):
        x, y = canvas.random.uniform(-200, WIDTH), canvas.random.uniform(0, 330)
        cloud = [(x, y), (x + 500, y - 60), (x + 900, y + 20), (x + 560, y + 110), (x + 120, y + 90)]
        canvas.veil(cloud, mix(INK, DEEP, 0.3), strength=0.5, blur=60)
    canvas.sea(560, mix(DEEP, MIST, 0.3), mix(DEEP, INK, 0.35), bottom=760, calm=0.5)
    canvas.polygon([(980, 760), (1040, 660), (1130, 620), (1260, 640), (1330, 760)], mix(INK, DEEP, 0.15))
    lamp = canvas.tower(1150, 640, 330, body=mix(PAPER, MIST, 0.4), bands=BRICK, lamp=mix(AMBER, PAPER, 0.4))
    canvas.beam(1150, lamp, 172, mix(AMBER, PAPER, 0.5), strength=0.4)
    canvas.glow(1150, lamp, 80, mix(AMBER, PAPER, 0.5), strength=0.9)
    for number, base in enumerate((720, 800, 880)):
        _breakers(canvas, base, mix(mix(TEAL, MIST, 0.15), INK, 0.2 + number * 0.22), 60 + number * 16)
    return canvas.finished()


def path() -> Image.Image:
    """The way along the cliffs in early summer."""
    canvas = Canvas(mix(TEAL, MIST, 0.65), mix(MIST, PAPER, 0.5), PAPER, seed=53)
    canvas.hills(470, 46, mix(TEAL, MIST, 0.66))
    canvas.sea(500, mix(TEAL, MIST, 0.4), mix(TEAL, DEEP, 0.4), bottom=900)
    canvas.boat(420, 560, 54, INK, PAPER)
    far = canvas.hills(430, 24, mix(mix(MOSS, MIST, 0.4), SAND, 0.15), slope=-520)
    canvas.tower(1390, far(1390) + 8, 210, body=PAPER, bands=BRICK, lamp=AMBER)
    for number, (base, slope) in enumerate(((560, -330), (720, -240), (850, -200))):
        canvas.hills(base, 40, mix(mix(MOSS, SAND, 0.35), mix(MOSS, INK, 0.3), number / 2.5), slope=slope)
    _way(canvas)
    for _ in range(70):
        x = canvas.random.uniform(0, WIDTH)
        canvas.thrift(
            x,
            1010 - canvas.random.uniform(0, 60),
            canvas.random.uniform(40, 120),
            canvas.random.choice((ROSE, ROSE, mix(ROSE, PAPER, 0.4))),
        )
    return canvas.finished()


def harbor() -> Image.Image:
    """Cottages along the quay, boats at rest."""
    canvas = Canvas(mix(DEEP, MIST, 0.7), mix(PAPER, MIST, 0.4), mix(AMBER, PAPER, 0.65), seed=61)
    canvas.hills(420, 90, mix(MOSS, MIST, 0.45))
    canvas.hills(520, 70, mix(MOSS, DEEP, 0.3))
    walls = (
        PAPER,
        mix(ROSE, PAPER, 0.35),
        mix(AMBER, PAPER, 0.4),
        mix(TEAL, PAPER, 0.6),
        PAPER,
        mix(CORAL, PAPER, 0.5),
        SAND,
    )
    for number, wall in enumerate(walls):
        width = 150 + (number * 37) % 60
        canvas.house(110 + number * 196, 640, width, wall, mix(BRICK, INK, 0.12 + (number % 3) * 0.18))
    canvas.polygon([(0, 640), (WIDTH, 640), (WIDTH, 690), (0, 700)], mix(SAND, INK, 0.35))
    for x in range(20, WIDTH, 90):
        canvas.line([(x, 668), (x + 60, 667)], mix(SAND, INK, 0.48), width=3)
    canvas.sea(690, mix(TEAL, SAND, 0.3), DEEP, calm=2.2)
    for x, y, length, hull in (
        (330, 770, 120, BRICK),
        (700, 815, 160, INK),
        (1130, 770, 130, DEEP),
        (1420, 850, 170, CORAL),
    ):
        canvas.glitter(x, y + length * 0.2, mix(PAPER, TEAL, 0.35), spread=34, number=9)
        canvas.boat(x, y, length, hull, mix(PAPER, SAND, 0.3))
    canvas.birds(860, 190, 8, mix(INK, DEEP, 0.4))
    return canvas.finished()


def lens() -> Image.Image:
    """The great lens, seen from where the flame stands."""
    canvas = Canvas(mix(INK, DEEP, 0.5), INK, seed=71)
    x, y = 800, 500
    canvas.glow(x, y, 620, mix(AMBER, CORAL, 0.2), strength=0.5)
    for ring in range(13, 0, -1):
        radius = 60 + ring * 34
        for part in range(48):
            turn, end = part / 48 * math.tau, (part + 0.86) / 48 * math.tau
            inner = radius - 27
            edge = [(turn, inner), (turn, radius), (end, radius), (end, inner)]
            shine = 0.5 + 0.5 * math.sin(turn * 3 + ring * 0.9)
            warm = mix(mix(TEAL, MIST, shine * 0.8), mix(AMBER, PAPER, 0.4), max(0.0, 1 - ring / 9))
            shown = mix(warm, INK, 0.15 + ring * 0.045)
            canvas.polygon([(x + math.cos(a) * r, y + math.sin(a) * r) for a, r in edge], shown)
    canvas.glow(x, y, 150, mix(AMBER, PAPER, 0.6), strength=1.0)
    canvas.circle(x, y, 46, PAPER)
    return canvas.finished()


def pinks() -> Image.Image:
    """Sea pinks on the cliff, close by."""
    canvas = Canvas(mix(TEAL, MIST, 0.55), mix(MIST, PAPER, 0.55), mix(PAPER, SAND, 0.3), seed=83)
    canvas.glow(1180, 300, 260, PAPER)
    canvas.sea(560, mix(TEAL, MIST, 0.5), mix(TEAL, MIST, 0.2), bottom=900, calm=2)
    canvas.hills(780, 40, mix(MOSS, MIST, 0.35))
    for row, (foot, low, high) in enumerate(((860, 120, 220), (940, 200, 340), (1040, 320, 560))):
        for _ in range(30 - row * 8):
            flower = mix(ROSE, (PAPER, CORAL, BRICK)[canvas.random.randrange(3)], 0.2)
            canvas.thrift(canvas.random.uniform(-20, WIDTH + 20), foot, canvas.random.uniform(low, high), flower)
        canvas.hills(foot + 26, 16, mix(MOSS, INK, 0.1 + row * 0.2), roughness=0.6)
    return canvas.finished()


def fog() -> Image.Image:
    """Mist between the headlands, a tower in the middle of it."""
    canvas = Canvas(mix(MIST, PAPER, 0.5), MIST, mix(MIST, TEAL, 0.2), seed=97)
    for number, base in enumerate((470, 560, 650)):
        canvas.hills(base, 80, mix(MIST, TEAL, 0.16 + number * 0.16))
        strip = [(0, base + 30), (WIDTH, base - 10), (WIDTH, base + 120), (0, base + 150)]
        canvas.veil(strip, PAPER, strength=0.75, blur=80)
        if number == 1:
            lamp = canvas.tower(930, 640, 300, body=mix(PAPER, MIST, 0.5), bands=mix(CORAL, MIST, 0.45), lamp=AMBER)
            canvas.glow(930, lamp, 190, mix(AMBER, PAPER, 0.55), strength=0.75)
    canvas.sea(730, mix(MIST, TEAL, 0.35), mix(TEAL, DEEP, 0.35), calm=2.6)
    canvas.veil([(0, 690), (WIDTH, 700), (WIDTH, 800), (0, 780)], PAPER, strength=0.8, blur=70)
    canvas.boat(470, 850, 130, mix(DEEP, INK, 0.5), mix(SAND, MIST, 0.3))
    return canvas.finished()


PICTURES: dict[str, Callable[[], Image.Image]] = {
    painter.__name__: painter for painter in (dawn, twins, stack, night, storm, path, harbor, lens, pinks, fog)
}


def jpeg(name: str) -> bytes:
    """Paint a picture and give it as a JPEG file."""
    file = BytesIO()
    PICTURES[name]().save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def poster() -> bytes:
    """Give the picture of Marrow Point as a PDF of one page, the same bytes every time."""
    file, day = BytesIO(), time.gmtime(0)
    PICTURES["dawn"]().save(file, "PDF", title="Marrow Point", resolution=150, creationDate=day, modDate=day)
    return file.getvalue()


def _breakers(canvas: Canvas, base: float, color: tuple[int, int, int], height: float) -> None:
    """Paint a row of waves that lean and break, with foam on their crests."""
    phase, length = canvas.random.uniform(0, 200), 330
    points = []
    for x in range(-40, WIDTH + 48, 8):
        place = ((x + phase) % length) / length
        lift = place**2.2 if place < 0.82 else (1 - place) / 0.18
        points.append((x, base - height * lift))
    canvas.polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], color)
    crests = [(x, y) for x, y in points if base - y > height * 0.55]
    for x, y in crests:
        canvas.circle(x, y, canvas.random.uniform(3, 9), mix(PAPER, color, 0.15))


def _way(canvas: Canvas) -> None:
    """Lay a sandy path over the hills: narrow and winding far away, broad in front."""
    left, right = [], []
    for step in range(61):
        share = step / 60
        y = 560 + 460 * share**1.25
        x = 1330 - 420 * share + math.sin(share * 9.5) * (36 + 110 * share)
        half = 3 + 34 * share**1.5
        left.append((x - half, y))
        right.append((x + half, y))
    canvas.polygon([*left, *reversed(right)], mix(SAND, PAPER, 0.25))
