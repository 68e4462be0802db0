"""The results of an answer: each has its own text, however many there are."""

from __future__ import annotations

import json

import pytest

from arthas_cli.errors import BadAnswer
from arthas_cli.protocol import read_response
from arthas_cli.resulttext import ManyResults

# So many that they are read by blocks, and a block holds hundreds of them.
COUNT = 3_000
FILLING = "x" * 80


def write(*, between: str = ",", said: str = "") -> tuple[list[str], str]:
    """Returns the texts of the results, and the answer."""
    texts = [
        json.dumps({"type": "sm", "jobId": 1, "a": {"b": [{"c": number}, {}]}, "said": said})
        if number % 1000 == 500
        else json.dumps({"type": "sm", "said": said, "name": f"{FILLING}{number}"})
        for number in range(COUNT)
    ]
    texts = [text.replace(": ", ":").replace(", ", ",") for text in texts]
    return texts, f'{{"body":{{"results":[{between.join(texts)}]}},"state":"SUCCEEDED"}}'


@pytest.mark.parametrize("between", [",", " ,", ", ", "\n,\t"])
@pytest.mark.parametrize("said", ["", "},{", "} ,{"])
def test_each_of_many_results_has_its_own_text(between: str, said: str) -> None:
    texts, answer = write(between=between, said=said)
    results = read_response(answer).results
    assert isinstance(results, ManyResults)
    assert [result.raw for result in results] == texts
    assert [result.data for result in results] == [json.loads(text) for text in texts]


def test_many_results_are_counted_and_had_one_by_one() -> None:
    texts, answer = write()
    results = read_response(answer).results
    assert len(results) == COUNT
    assert [results[at].raw for at in (0, 1, 1500, -1)] == [
        texts[at] for at in (0, 1, 1500, COUNT - 1)
    ]
    assert [result.raw for result in results[1400:1402]] == texts[1400:1402]
    with pytest.raises(IndexError):
        results[COUNT]


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ([], "},{"),
        (['{"a":1} '], "},{"),
        ([' {"a":1}'], "},{"),
        (['\n{"a":1}'], "},{"),
        (["5"], "},{},{"),
        (['"},{"', "5"], ""),
    ],
)
def test_what_looks_like_the_end_of_a_result_in_the_midst_of_many_is_none(
    odd: list[str], said: str
) -> None:
    texts, _ = write()
    texts[1710:1710] = odd
    texts[1700] = json.dumps({"type": "sm", "said": said})
    answer = f'{{"body":{{"results":[{",".join(texts)}]}},"state":"SUCCEEDED"}}'
    assert [result.raw for result in read_response(answer).results] == list(map(str.strip, texts))


@pytest.mark.parametrize("cut", [100_000, 300_000])
def test_many_results_that_are_cut_off_are_a_bad_answer(cut: int) -> None:
    with pytest.raises(BadAnswer):
        read_response(write()[1][:cut])


def test_an_end_of_the_list_is_not_passed_over() -> None:
    texts, _ = write()
    more = ",".join(texts)
    answer = f'{{"body":{{"results":[{more}],"other":[{more}]}},"state":"SUCCEEDED"}}'
    assert len(read_response(answer).results) == COUNT
