"""Pods, deployments and statefulsets as the cluster describes them, in the JSON of kubectl."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.jsontext import as_object, as_text
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.jsontext import Json

# What an expression of a selector says -> how kubectl takes it.
_OPERATORS = {
    "In": "{key} in ({values})",
    "NotIn": "{key} notin ({values})",
    "Exists": "{key}",
    "DoesNotExist": "!{key}",
}


class Pod(NamedTuple):
    """A pod; `uid` is never another pod's, whatever their names are."""

    name: str
    uid: str
    phase: str
    is_ready: bool = False
    is_ending: bool = False
    containers: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it runs, and not only for the last seconds of its life."""
        return self.phase == "Running" and not self.is_ending


def read_pod(data: Json) -> Pod:
    """Read what `kubectl get pod NAME -o json` prints."""
    found = as_object(data)
    meta, status = as_object(found.get("metadata")), as_object(found.get("status"))
    conditions = [as_object(one) for one in _as_list(status.get("conditions"))]
    return Pod(
        one_line(as_text(meta.get("name")) or ""),
        as_text(meta.get("uid")) or "",
        one_line(as_text(status.get("phase")) or "Unknown"),
        any(one.get("type") == "Ready" and one.get("status") == "True" for one in conditions),
        bool(meta.get("deletionTimestamp")),
        tuple(
            one_line(as_text(as_object(one).get("name")) or "")
            for one in _as_list(as_object(found.get("spec")).get("containers"))
        ),
    )


def read_pods(data: Json) -> list[Pod]:
    """Read a list of them: those that can be used first, `db-2` before `db-10`."""
    pods = [read_pod(one) for one in _as_list(as_object(data).get("items"))]
    return sorted(
        pods, key=lambda pod: (not pod.is_usable, not pod.is_ready, len(pod.name), pod.name)
    )


def read_selector(data: Json) -> str:
    """Return what selects the pods of a deployment or statefulset, as `kubectl -l` takes it."""
    selector = as_object(as_object(as_object(data).get("spec")).get("selector"))
    labels = as_object(selector.get("matchLabels"))
    parts = [f"{name}={as_text(value) or ''}" for name, value in labels.items()]
    for expression in map(as_object, _as_list(selector.get("matchExpressions"))):
        form = _OPERATORS.get(as_text(expression.get("operator")) or "", "{key}")
        values = ",".join(as_text(value) or "" for value in _as_list(expression.get("values")))
        parts.append(form.format(key=as_text(expression.get("key")) or "", values=values))
    return ",".join(parts)


def _as_list(data: Json) -> Sequence[Json]:
    return data if isinstance(data, list) else ()
