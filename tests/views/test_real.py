"""Every command of a real Arthas, with its common options, is drawn: no view meets a surprise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from support.post import post
from support.program import shell

if TYPE_CHECKING:
    from arthas_cli.demo.target import Target

# Exit code -> the lines that end with it.
LINES = {
    0: """
        auth
        base64 /etc/hostname
        cat /etc/hostname
        classloader
        classloader -a
        classloader -l
        classloader -t
        classloader -u
        classloader --url-classes --classLoaderClass jdk.internal.loader.ClassLoaders$AppClassLoader
        dashboard -n 2 -i 200
        dump fx.Fixture
        dump fx.Twice
        echo hello
        getstatic fx.Fixture *
        getstatic fx.Fixture NULL_KEY -x 2
        help
        help watch
        history
        jad fx.Fixture order
        jad --source-only fx.Fixture price
        jad --lineNumber false fx.Hot
        jfr start -n fx
        jfr status
        jfr stop -r 1
        jvm
        logger
        mbean
        mbean java.lang:type=Memory
        mbean java.lang:type=Threading
        mbean -m java.lang:type=Memory
        mbean -i 100 -n 2 java.lang:type=Memory HeapMemoryUsage
        memory
        monitor -c 1 -n 1 fx.Fixture order
        ognl '@fx.Fixture@CIRCLE' -x 3
        ognl '@fx.Fixture@HOSTILE'
        ognl '@fx.Fixture@HUGE'
        ognl 'null'
        ognl '{1, 2.5, "a", true, null}' -x 2
        options
        options save-result
        options verbose false
        profiler actions
        profiler list
        profiler status
        pwd
        reset
        reset fx.*
        retransform -l
        sc fx.*
        sc -d fx.Fixture
        sc -d -f -x 1 fx.Twice
        session
        sm fx.Fixture
        sm -d fx.Fixture price
        stack fx.Fixture price -n 1
        sysenv
        sysenv PATH
        sysprop
        sysprop java.version
        sysprop fx.test 值
        thread
        thread MAIN
        thread -b
        thread -n 2
        thread --all
        thread --state BLOCKED
        trace fx.Fixture order -n 3
        trace fx.Fixture order --skipJDKMethod false -n 1
        tt -t fx.Fixture order -n 3
        tt -l
        tt -i INDEX
        tt -i INDEX -w params[0]
        tt -i INDEX -p
        tt -s 'method.name=="order"'
        tt -d -i INDEX
        tt --delete-all
        version
        vmoption
        vmoption PrintGC
        vmtool --action forceGc
        vmtool --action getInstances --className fx.Fixture$Node -x 2
        watch fx.Fixture order '{params,returnObj,throwExp}' -x 3 -n 3
        watch -b -f fx.Fixture check params -n 2
    """,
    1: """
        classloader --classLoaderClass java.net.URLClassLoader
        cls
        getstatic fx.Twice count
        grep x
        heapdump /nosuch/folder/file.hprof
        jad fx.Twice
        keymap
        mc /nosuch.java
        ognl '@fx.Nosuch@x'
        perfcounter
        perfcounter -d
        redefine /nosuch.class
        retransform /nosuch.class
        tee x
        thread 999999
        vmtool --action getInstances --className fx.Twice
        watch fx.Fixture nosuch
        watch fx.Fixture order nosuch.x -n 1
        watch fx.Nosuch *
    """,
}
CASES = [(line.strip(), code) for code, text in LINES.items() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("line", "code"), CASES)
def test_a_command_is_drawn_as_its_view_means_it(line: str, code: int, fixture_jvm: Target) -> None:
    if "MAIN" in line:
        line = line.replace("MAIN", find_main_thread(fixture_jvm.url))
    if "INDEX" in line:
        line = line.replace("INDEX", find_record(fixture_jvm.url))
    ended = shell("exec", "--url", fixture_jvm.url, "--timeout", "30", line)
    assert ended.exit_code == code, ended.stderr
    shown = ended.stdout + ended.stderr
    assert "unexpected" not in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]", shown)


def find_main_thread(url: str) -> str:
    """Returns the id of the main thread, which is 1 only up to Java 23."""
    threads = post(url, action="exec", command="thread")["body"]["results"][0]["threadStats"]
    return next(str(thread["id"]) for thread in threads if thread["name"] == "main")


def find_record(url: str) -> str:
    """Returns the index of the first record of a call."""
    answer = post(url, action="exec", command="tt -s true -w method.name")
    return str(min(answer["body"]["results"][0]["watchResults"]))


def test_no_command_of_the_server_is_left_out(fixture_jvm: Target) -> None:
    """`stop` would end the server for the others."""
    answer = post(fixture_jvm.url, action="exec", command="help")
    commands = {command["name"] for command in answer["body"]["results"][0]["commands"]}
    assert commands - {line.split()[0] for line, _ in CASES} == {"stop"}
