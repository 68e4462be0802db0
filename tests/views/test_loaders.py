from __future__ import annotations

from typing import TYPE_CHECKING

from views.cases import draw, make_result

if TYPE_CHECKING:
    from arthas_cli.jsontext import Json


def test_the_tree_of_loaders_tells_a_number_that_stands_in_the_name_too() -> None:
    loaders: list[Json] = [
        {"name": "shop.Loader2@3c24", "loadedCount": 2, "numberOfInstances": 24, "hash": "24"},
        {"name": "shop.Loader@3c24", "loadedCount": 4, "hash": "3c24"},
    ]
    tree = make_result({"type": "classloader", "tree": True, "classLoaders": loaders})
    assert draw([tree]) == (
        "├─ shop.Loader2@3c24  loaded=2  instances=24  hash=24\n└─ shop.Loader@3c24  loaded=4\n"
    )
