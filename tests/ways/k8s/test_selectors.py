"""What the cluster writes of pods and of what has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.table import each_row

from arthas_cli.ways.pods import read_pods, read_selector

if TYPE_CHECKING:
    from arthas_cli.jsontext import Json


def make_pod(
    name: str, phase: str = "Running", *, ready: str = "True", is_ending: bool = False
) -> Json:
    metadata: dict[str, Json] = {"name": name, "uid": name}
    if is_ending:
        metadata["deletionTimestamp"] = "2026-11-28T12:00:00Z"
    status: Json = {"phase": phase, "conditions": [{"type": "Ready", "status": ready}]}
    return {"metadata": metadata, "status": status}


def test_pods_that_run_and_are_ready_come_first() -> None:
    pods = read_pods(
        {
            "items": [
                make_pod("db-0", "Pending", ready="False"),
                make_pod("db-1", is_ending=True),
                make_pod("db-10"),
                make_pod("db-2"),
                make_pod("db-3", ready="False"),
            ]
        }
    )
    assert [pod.name for pod in pods] == ["db-2", "db-10", "db-3", "db-1", "db-0"]
    assert [pod.is_usable for pod in pods] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ({"matchLabels": {"app": "web", "tier": "front"}}, "app=web,tier=front"),
        (
            {
                "matchLabels": {"app": "web"},
                "matchExpressions": [
                    {"key": "zone", "operator": "In", "values": ["a", "b"]},
                    {"key": "old", "operator": "DoesNotExist"},
                    {"key": "new", "operator": "Exists"},
                    {"key": "team", "operator": "NotIn", "values": ["x"]},
                ],
            },
            "app=web,zone in (a,b),!old,new,team notin (x)",
        ),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_selector_is_written_as_kubectl_takes_it(selector: Json, expected: str) -> None:
    assert read_selector({"spec": {"selector": selector}}) == expected


@each_row("data", [None, [], "x", {"items": "x"}, {"items": [None]}, {"items": {}}])
def test_what_is_no_list_of_pods_has_none_that_can_be_used(data: Json) -> None:
    assert [pod for pod in read_pods(data) if pod.is_usable] == []
