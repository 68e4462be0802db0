from __future__ import annotations

from urllib.parse import unquote

import pytest
from support.table import each_row

from arthas_cli.attach.agent import explain_answer, make_arguments, read_property
from arthas_cli.attach.hotspot import encode_request
from arthas_cli.config.credentials import Credentials
from arthas_cli.errors import AttachFailed


def test_arthas_listens_on_the_loopback_alone_and_asks_everybody_for_the_password() -> None:
    assert make_arguments("/opt/arthas", 40123, Credentials("arthas", "sesame")) == (
        "/opt/arthas/arthas-core.jar;httpPort=40123;telnetPort=-1;ip=127.0.0.1;username=arthas;"
        "password=sesame;localConnectionNonAuth=false;"
    )


def test_a_path_survives_the_decoding_of_the_agent() -> None:
    arguments = make_arguments("/opt/a+b ü%20", 1, Credentials("arthas", "sesame"))
    path = arguments.partition(";")[0]
    assert path == "/opt/a%2Bb%20%C3%BC%2520/arthas-core.jar"
    assert unquote(path) == "/opt/a+b ü%20/arthas-core.jar"


@pytest.mark.parametrize(
    "said", ["0\nreturn code: 0\n", "0\n", "0\n0\n"], ids=["JDK 9 and up", "JDK 8", "with code"]
)
def test_an_agent_that_ran_is_no_failure(said: str) -> None:
    assert explain_answer(said, 7) is None


@each_row(
    ("said", "what", "hint"),
    [
        (
            "0\nreturn code: 100\n",
            "JVM 7 cannot read the jars of Arthas",
            "name a folder that its user can read, with --arthas-home",
        ),
        (
            "0\nreturn code: 102\n",
            "JVM 7 threw an error in the agent of Arthas",
            "see the JVM's stderr for it",
        ),
        (
            "0\nDynamic agent loading is not enabled. Use -XX:+EnableDynamicAgentLoading\n",
            "JVM 7 runs with -XX:-EnableDynamicAgentLoading",
            "restart it without that option",
        ),
        (
            "-1\ninstrument was not loaded.\n",
            "JVM 7 has no module java.instrument, without which no agent runs",
            "give the application a Java with that module",
        ),
        ("101\n", "JVM 7 refused the agent of Arthas: 101", ""),
        ("", "JVM 7 refused the agent of Arthas: nothing", ""),
    ],
)
def test_each_refusal_has_its_own_sentence(said: str, what: str, hint: str) -> None:
    failure = explain_answer(said, 7)
    assert isinstance(failure, AttachFailed)
    assert (failure.message, failure.hint) == (what, hint)


def test_a_property_is_read_as_java_writes_it() -> None:
    written = "#Sat Nov 28\nuser.home=/home/j\\u00fcrgen\\:x\nuser.name=x\n"
    assert read_property(written, "user.home") == "/home/jürgen:x"
    assert read_property(written, "user.dir") is None


def test_a_request_has_a_version_a_command_and_three_arguments() -> None:
    assert encode_request(("properties",)) == b"1\0properties\0\0\0\0"
    assert encode_request(("load", "instrument", "false", "a.jar=b")) == (
        b"1\0load\0instrument\0false\0a.jar=b\0"
    )


def test_an_argument_that_no_jvm_would_answer_is_refused() -> None:
    assert encode_request(("load", "x" * 1024))
    with pytest.raises(AttachFailed, match="longer than the 1024 bytes that a JVM takes"):
        encode_request(("load", "x" * 1025))
