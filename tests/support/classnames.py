"""Class names as a large application has them, made of names that a real JDK has."""

from __future__ import annotations

import random
import re
from pathlib import Path

_RECORDED = Path(__file__).parent.parent / "data" / "classes.txt"
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ROOTS = (
    "com.shop",
    "com.shop.backoffice",
    "com.acme.bank",
    "io.netty",
    "org.apache.kafka",
    "org.hibernate",
    "org.springframework",
)
# What compilers, proxies and generators put behind a name, about as often as they do.
_ENDS = (
    *[""] * 12,
    *["Impl"] * 2,
    *["$1", "$2", "$3", "$Builder", "$Entry", "$State", "_", "Test"],
    "$$SpringCGLIB$$0",
    "$$EnhancerBySpringCGLIB$$1a2b3c4d",
    "$$FastClassBySpringCGLIB$$e5f60718",
    "$$Lambda/0x00007f8f2c0632e8",
    "$Inner$1$Zone",
)


def load_recorded() -> list[str]:
    """Returns 1,473 names of classes of a JDK, every eighteenth one."""
    return _RECORDED.read_text("utf-8").split()


def make_names(count: int) -> list[str]:
    """Returns so many names that can be typed, the same each time."""
    pick = random.Random(7)  # noqa: S311 - names, no secrets
    recorded = load_recorded()
    names = dict.fromkeys(recorded[:count])
    humps = [_HUMP.findall(name.rpartition(".")[2]) for name in recorded]
    humps = [found for found in humps if found]
    parts = sorted({part for name in recorded for part in name.split(".")[1:-1]})
    packages = [
        ".".join((pick.choice(_ROOTS), *pick.choices(parts, k=pick.randrange(1, 4))))
        for _ in range(max(1, count // 25))
    ]
    while len(names) < count:
        number = len(names)
        if number % 200 == 0:
            names[f"jdk.proxy{number % 7}.$Proxy{number}"] = None
        middle = [pick.choice(pick.choice(humps)) for _ in range(pick.choice((0, 1, 1, 1, 2, 3)))]
        words = (pick.choice(humps)[0], *middle, pick.choice(humps)[-1])
        simple = "".join(words) + pick.choice(_ENDS)
        if "/" not in simple:
            names[f"{pick.choice(packages)}.{simple}"] = None
    return sorted(names)
