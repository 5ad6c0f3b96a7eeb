"""What are the demo's pictures painted with? Shapes in one palette: skies, hills, water, towers, plants. Pure."""

import math
import random
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw, ImageFilter

Color = tuple[int, int, int]

WIDTH, HEIGHT = 1600, 1000
FINE = 2
"""Everything is painted twice as large and reduced, which smooths the edges."""

INK: Color = (24, 38, 58)
DEEP: Color = (15, 76, 92)
TEAL: Color = (40, 120, 128)
MIST: Color = (206, 224, 222)
PAPER: Color = (250, 243, 228)
SAND: Color = (238, 213, 172)
AMBER: Color = (247, 190, 98)
CORAL: Color = (226, 109, 76)
BRICK: Color = (168, 66, 50)
MOSS: Color = (96, 128, 92)
ROSE: Color = (222, 140, 158)


def mix(first: Color, second: Color, share: float) -> Color:
    """Blend two colors; a share of 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


class Canvas:
    """A picture being painted, in units of the finished one."""

    def __init__(self, *sky: Color, seed: int) -> None:
        self.random = random.Random(seed)
        self.image = _gradient(sky)
        self.draw = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """Give the picture in its final size."""
        return self.image.reduce(FINE)

    def polygon(self, points: Sequence[tuple[float, float]], color: Color) -> None:
        """Fill a shape."""
        self.draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=color)

    def line(self, points: Sequence[tuple[float, float]], color: Color, width: float = 2) -> None:
        """Draw a line through points."""
        self.draw.line([(x * FINE, y * FINE) for x, y in points], fill=color, width=round(width * FINE), joint="curve")

    def circle(self, x: float, y: float, radius: float, color: Color) -> None:
        """Fill a circle."""
        self.draw.ellipse([(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE], color)

    def veil(self, points: Sequence[tuple[float, float]], color: Color, *, strength: float, blur: float) -> None:
        """Lay a soft, translucent shape over the picture; painted small, since nobody sees its edges."""
        small = Image.new("L", (WIDTH // 4, HEIGHT // 4))
        ImageDraw.Draw(small).polygon([(x / 4, y / 4) for x, y in points], fill=round(255 * strength))
        self._lay(small.filter(ImageFilter.GaussianBlur(blur / 4)), color)

    def glow(self, x: float, y: float, radius: float, color: Color, *, strength: float = 0.8) -> None:
        """Let light shine around a point."""
        small = Image.new("L", (WIDTH // 4, HEIGHT // 4))
        box = [(x - radius) / 4, (y - radius) / 4, (x + radius) / 4, (y + radius) / 4]
        ImageDraw.Draw(small).ellipse(box, fill=round(255 * strength))
        self._lay(small.filter(ImageFilter.GaussianBlur(radius / 8)), color)

    def _lay(self, mask: Image.Image, color: Color) -> None:
        size = self.image.size
        self.image.paste(Image.new("RGB", size, color), mask=mask.resize(size, Image.Resampling.BILINEAR))

    def hills(
        self, base: float, height: float, color: Color, *, roughness: float = 1.0, slope: float = 0.0
    ) -> Callable[[float], float]:
        """Paint hills from their ridge down to the lower edge; `slope` lifts the left end. Returns the ridge by x."""
        waves = [
            (self.random.uniform(0.6, 1.4) * number, self.random.uniform(0, math.tau), 1 / number)
            for number in (1, 2, 3, 5, 9)
        ]

        def ridge(x: float) -> float:
            place = x / WIDTH
            swing: float = sum(
                math.sin(place * math.tau * pace + phase) * share**roughness for pace, phase, share in waves
            )
            return base - height * swing / 2.2 - slope * (1 - place)

        points = [(x, ridge(x)) for x in range(0, WIDTH + 9, 8)]
        self.polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], color)
        return ridge

    def sea(self, top: float, far: Color, near: Color, *, bottom: float = HEIGHT, calm: float = 1.0) -> None:
        """Paint water in bands from the horizon to the shore, each with its own slow swell."""
        bands = 12
        for number in range(bands):
            share = number / (bands - 1)
            y = top + (bottom - top) * share**1.6
            swell = (1 + 10 * share) / calm
            phase, pace = self.random.uniform(0, math.tau), self.random.uniform(1.5, 3.5)
            wave = [
                (x, y + math.sin(x / WIDTH * math.tau * pace + phase) * swell if number else y)
                for x in range(0, WIDTH + 17, 16)
            ]
            self.polygon([*wave, (WIDTH, bottom), (0, bottom)], mix(far, near, share))

    def glitter(self, x: float, top: float, color: Color, *, spread: float = 60, number: int = 46) -> None:
        """Scatter light on the water below a lamp or the sun."""
        for index in range(number):
            y = top + (HEIGHT - top) * (index / number) ** 1.3
            reach = spread * (0.4 + 2.2 * (y - top) / (HEIGHT - top))
            at, half = x + self.random.gauss(0, reach * 0.45), self.random.uniform(0.15, 0.6) * reach
            self.line([(at - half, y), (at + half, y)], color, width=1.5 + 3 * index / number)

    def stars(self, number: int, below: float) -> None:
        """Put stars into the sky above a height."""
        for _ in range(number):
            x, y = self.random.uniform(0, WIDTH), self.random.uniform(0, below) ** 1.0
            self.circle(x, y, self.random.choice((0.8, 1.0, 1.3, 2.0)), mix(INK, PAPER, self.random.uniform(0.5, 1)))

    def birds(self, x: float, y: float, number: int, color: Color, *, spread: float = 220) -> None:
        """Let birds fly around a point."""
        for _ in range(number):
            at, height = x + self.random.gauss(0, spread), y + self.random.gauss(0, spread / 3)
            wing = self.random.uniform(9, 20)
            left, right = (at - wing, height - wing * 0.35), (at + wing, height - wing * 0.45)
            bend = (at - wing * 0.45, height - wing * 0.5), (at + wing * 0.45, height - wing * 0.55)
            self.line([left, bend[0], (at, height), bend[1], right], color, width=2.2)

    def tower(self, x: float, foot: float, height: float, *, body: Color, bands: Color, lamp: Color) -> float:
        """Build a lighthouse; returns the height of its lamp on the canvas."""
        upper, top = height * 0.085, foot - height * 0.8
        for left, shade in ((-1.0, 0.0), (0.2, 1.0)):  # the whole tower, then the side away from the light
            self._part(x, foot, height, left, (0.0, 1.0), mix(body, INK, 0.16 * shade))
            for number in (0, 2, 4):
                shares = (number / 5 + 0.05, number / 5 + 0.2)
                self._part(x, foot, height, left, shares, mix(bands, INK, 0.22 * shade))
        self._lantern(x, top, upper, height, lamp)
        return top - height * 0.07

    def _part(
        self, x: float, foot: float, height: float, left: float, shares: tuple[float, float], color: Color
    ) -> None:
        """Fill a part of a tower, between two shares of its height; `left` is -1 at its left edge, 1 at its right."""
        low, high = (height * (0.13 - 0.045 * share) for share in shares)
        below, above = (foot - height * 0.8 * share for share in shares)
        self.polygon([(x + low * left, below), (x + high * left, above), (x + high, above), (x + low, below)], color)

    def _lantern(self, x: float, top: float, upper: float, height: float, lamp: Color) -> None:
        wide, room = upper * 1.45, height * 0.12
        self.polygon(
            [(x - wide, top), (x - wide, top - height * 0.02), (x + wide, top - height * 0.02), (x + wide, top)], INK
        )
        self.polygon(
            [
                (x - upper * 0.75, top),
                (x - upper * 0.75, top - room),
                (x + upper * 0.75, top - room),
                (x + upper * 0.75, top),
            ],
            lamp,
        )
        for place in (-0.75, -0.25, 0.25, 0.75):
            self.line([(x + upper * place, top), (x + upper * place, top - room)], INK, width=max(1.0, height / 160))
        self.polygon([(x - upper, top - room), (x, top - height * 0.2), (x + upper, top - room)], BRICK)
        self.line([(x, top - height * 0.19), (x, top - height * 0.23)], INK, width=max(1.5, height / 130))

    def beam(self, x: float, y: float, angle: float, color: Color, *, strength: float = 0.5) -> None:
        """Send light from a lamp in a direction, in degrees from the right."""
        reach, width = 1900, 5.5
        edges = [math.radians(angle - width), math.radians(angle + width)]
        far = [(x + math.cos(each) * reach, y - math.sin(each) * reach) for each in edges]
        self.veil([(x, y), *far], color, strength=strength, blur=14)

    def boat(self, x: float, y: float, length: float, hull: Color, sail: Color) -> None:
        """Put a small sailing boat on the water."""
        self.polygon(
            [
                (x - length / 2, y),
                (x + length / 2, y),
                (x + length * 0.36, y + length * 0.17),
                (x - length * 0.38, y + length * 0.17),
            ],
            hull,
        )
        self.line([(x, y), (x, y - length * 1.05)], INK, width=length / 40)
        self.polygon(
            [
                (x + length * 0.04, y - length * 0.06),
                (x + length * 0.04, y - length),
                (x + length * 0.44, y - length * 0.06),
            ],
            sail,
        )
        self.polygon(
            [
                (x - length * 0.04, y - length * 0.06),
                (x - length * 0.04, y - length * 0.82),
                (x - length * 0.34, y - length * 0.06),
            ],
            mix(sail, INK, 0.12),
        )

    def house(self, x: float, foot: float, width: float, wall: Color, roof: Color, *, lit: bool = False) -> None:
        """Build a cottage with two windows."""
        high = width * 0.62
        self.polygon([(x, foot), (x, foot - high), (x + width, foot - high), (x + width, foot)], wall)
        self.polygon(
            [
                (x - width * 0.06, foot - high),
                (x + width / 2, foot - high - width * 0.42),
                (x + width * 1.06, foot - high),
            ],
            roof,
        )
        for place in (0.2, 0.62):
            left, top = x + width * place, foot - high * 0.72
            pane = [
                (left, top),
                (left + width * 0.18, top),
                (left + width * 0.18, top + high * 0.3),
                (left, top + high * 0.3),
            ]
            self.polygon(pane, AMBER if lit else mix(INK, wall, 0.3))

    def thrift(self, x: float, foot: float, height: float, flower: Color) -> None:
        """Grow a sea pink: a stem, a round head of petals."""
        lean = self.random.uniform(-0.22, 0.22) * height
        self.line(
            [(x, foot), (x + lean * 0.4, foot - height * 0.5), (x + lean, foot - height)],
            mix(MOSS, INK, 0.25),
            width=height / 38,
        )
        radius = height * 0.13
        for number in range(9):
            turn = number / 9 * math.tau
            self.circle(
                x + lean + math.cos(turn) * radius * 0.75,
                foot - height + math.sin(turn) * radius * 0.6,
                radius * 0.5,
                mix(flower, PAPER, self.random.uniform(0, 0.3)),
            )
        self.circle(x + lean, foot - height, radius * 0.6, mix(flower, BRICK, 0.15))


def _gradient(stops: Sequence[Color]) -> Image.Image:
    column = Image.new("RGB", (1, len(stops)))
    column.putdata(list(stops))
    # Stretched past its ends, since resizing keeps half a pixel of the first and last color.
    size = (WIDTH * FINE, HEIGHT * FINE)
    return column.resize((1, HEIGHT * FINE), Image.Resampling.BICUBIC).resize(size)
