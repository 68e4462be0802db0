"""An OGNL expression is judged by what it does, and what cannot be read is dangerous."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.table import each_row

from arthas_cli.catalogue.model import Risk
from arthas_cli.guard.ognl import HARMLESS, JUDGES, Finding, judge_expression
from arthas_cli.line.nodes import Part

LOOKS = r"""
{params, returnObj, throwExp}
{}
params
params[0]
params[0][1].name
params.length
params[params.length - 1]
params[params.size() - 1]
params[1 + 2 * 3]
params[a + b - 1]
params[a * b + 1]
params[a / b + 1]
params[a % b + 1]
params[a - b + 1]
params[~a]
params[0].getInt(0)
params[a << 1 + b]
params[1 + (a - b) % 3]
params[(1)]
params[-a]
params[+-a]
params[- a instanceof b.C]
params[$]
params[^].name
[0]
#root
#this
#cost > 100
#cost>100&&params[0]==null
params[0] != null && params[0].size() > 3
params[0].isEmpty() || !params[1]
returnObj.toString().contains("x")
returnObj.equals('a')
returnObj.hashCode() % 2 == 0
params[0] instanceof java.lang.String
params[0] instanceof java.lang.String and true
params[0] in {1, 2, 3}
params[0] not in {'a', "b"}
not params[0]
a shl 2 gt b ushr 1 or c bor d xor e band f
-1 + ~2
params[0] ? "yes" : "no"
params.{#this.name}
params.{? #this.size() > 1}
params.{?#this!=null}.{^ true}[0]
params.{$ true}
params[0].(name + size)
(params[0]).name
#{"a": 1, "b": params}
#{}
params[0].getName()
params[0].getHeader("x")
params[0].isActive()
params[0].get("key")
params[0].get(0).getOrDefault("a", 1)
params[0]["name"]
params[0]['startTime']
target.startTime
target.createDate
target.update_time
target.lastUpdateBy
target.startIndex
target.loadFactor
target.newValue
target.settings
target.address
target.android
target.lockedUntil
target.process
target.checkTime
target.processId
target.connectionPool
target.nextgen
target._name
target.$inner
target.名字
"\u4e2d".length()
target.getClass().getName()
target.class.simpleName
throwExp.message
method.name
clazz.name
'@System@exit(1)'
"@System@exit(1)"
"new x() = y"
"a\"b"
'it\'s'
`x`
`'`
`ab`
0x1F + 017 + 1.5e3f + 10L + .5 + 2H + 1b
true
null
""".strip().splitlines()

DANGEROUS = r"""
{@System@exit(1)}
@System@exit(1)
@java.lang.System@exit(1)
@java.lang.Runtime@getRuntime().exec("x")
@java.lang.Runtime @ getRuntime ( )
@@max(1, 2)
@java.lang.Thread@sleep(1000)
@a.B@class
@a.B@class.getClassLoader()
\u0040System\u0040exit(1)
\uu0040System@exit
"\u0022 + @System@exit(1)
'\u0027, new x(), '
\u00
params[0] = 1
(#a=1)
#a = 1, #a
params.length=3
target.name = "x"
new java.io.File("x")
new int[3]
new int[] {1, 2}
{new java.lang.Object()}
params.{new java.io.File(#this)}
params.{? @System@exit(1)}
#@java.util.HashMap@{}
#@java.util.LinkedHashMap@{"a": 1}
#{"a": @System@exit(1)}
:[#this]
#f=:[#this + 1]
#f(1)
"@System@exit(1)"(null)
("1+" + "1")(null)
params[0](1)
(a)(b)
{1}(2)
1(2)
true(1)
"".class
"".class.forName("x")
"".class.classLoader
"".class.name.class
"".getClass()
"".getClass().forName("x")
"".getClass
target.getClass().getClassLoader()
target["class"]
target["getClass"]
target.getClassLoader()
clazz.getMethod("x")
clazz.getMethods()
clazz.getDeclaredMethods()
clazz.getDeclaredField("x")
clazz.getConstructor()
clazz.getConstructors()
clazz.getField("x").get(null)
clazz.newInstance()
clazz.newInstance
loader.loadClass("x")
method.invoke(target)
target.getRuntime()
target.exit()
target.run()
target.setName("x")
target.foo(1)
target.getting()
target.get()
target.get
.get(1)
target.put("a", 1)
target.getAndIncrement()
target.getNext()
target.getConnection()
target.getBean("x")
target.getBeansOfType(clazz)
target.getOrElseUpdate(1, 2)
target.getOrPut(1)
target.getInputStream()
target.stop
target.STOP
target.clear
target.Clear
target.clearAll
target.removeFirst
target.shutdownNow
target.shutdownnow
target.incrementAndGet
target.andIncrement
target.nextElement
target.processOrders
target.deployAll
target.connection
target.iterator.next
target["clear"]
target['clear']
target["\143lear"]
target["cl" + "ear"]
target["cle"+'ar']
target[params[0]]
target[#this]
{"clear"}.{target[#this]}
target[x ? "clear" : 1 - 1]
target[1 - 1, "clear"]
target[a || 1 - 1]
target[a.length]
target[a.size()]
target[#{"length":"clear"}.length]
target[#{"size":"clear"}.size]
target[(#{"length":"clear"}.length)]
target[1 - 1 + "clear"]
target[1 - 1 + a]
target["m" + 1 * 1]
target[a + 1]
target[a + 1 + 2]
target[a, 1]
target[1 + a]
target[a + b * 1]
target[a - b + c]
target[1 * 2 + c]
target[+a]
target[!-a]
target[not 1]
target[1 instanceof b.C]
target[1 == 1]
target[1 & 1]
target[a ? 1 : 2]
target[1 in {1}]
target[1.a]
target[1[0]]
target[(1, a)]
target[(1, a)[0]]
target[a = 1]
target[#a = "clear", #a]
target[{1}]
target[true]
target[null]
target[]
target[""]
target['"']
target[`"`]
target['cle"ar']
target['cl"ass'].classLoader
target['"class"']
target['CLASS']
target.CLASS.classLoader
target.Class
"".getclass
target.sueToken
target.olateNode
target.buffer.getInt()
target.buffer.int
target.accumulator.getThenReset()
target.statement.moreResults
clear
(clear)
params.{clear}
params.(clear)
params.{#this.{#this.{@a@b()}}}
{{{{@a@b()}}}}
a, b, @c@d()
a ? b : @c@d()
a[@c@d()]
a.getX(@c@d())
a.toString().wait()
1 /* x */ + 2
a // b
a; b
a b
a.
a..b
a[
a]
(a
a)
()
a.()
{a
"a
'a
`a
"a\
@
@a
@a@
@a.@b()
#
#1
new
not
a instanceof
a +
+
a = b
a == = b
§
a § b
\
a\u0020b
""".strip().splitlines()


@each_row("text", LOOKS)
def test_what_only_looks_keeps_the_risk_of_its_command(text: str) -> None:
    assert judge_expression(text) is None


@each_row(
    "text",
    [*DANGEROUS, "target.\u0131ncrement", "target.\u017ftop", "target.\u0130nterrupt", "a\0b"],
)
def test_what_acts_or_cannot_be_read_is_dangerous(text: str) -> None:
    finding = judge_expression(text)
    assert finding is not None
    assert finding.risk == Risk.DANGEROUS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("params[0] == @com.shop.Status@PAID", "it initialises the class com.shop.Status"),
        ("@a.B@C.name", "it initialises the class a.B"),
        ("{@a.B@C, @d.E@F}", "it initialises the class d.E"),
        ("params[@a.B@C - 1]", "it initialises the class a.B"),
    ],
)
def test_a_static_field_changes_the_target_for_its_class_is_initialised(
    text: str, reason: str
) -> None:
    assert judge_expression(text) == Finding(Risk.CHANGES, reason)


@each_row(
    ("text", "reason"),
    [
        ("@java.lang.System@exit(1)", "it calls the static method java.lang.System@exit()"),
        ("a = 1", "it assigns a value"),
        ("new a.B()", "it creates an object"),
        ("a.put(1)", "it calls put()"),
        (
            "a.stop",
            "'stop' may be a method, which OGNL would call; use the getter 'getStop()'",
        ),
        ("a['']", "an empty name may be a method, which OGNL would call"),
        ('"1"(2)', "it evaluates a value as an expression"),
        ("a.getMethod('x')", "getMethod() gives access to any other call"),
        ("a.getAndAdd(1)", "getAndAdd() may do more than read"),
        (
            "a[b + 'x']",
            "a computed index may name a method; use '.get(…)' instead",
        ),
        ("a b", "it cannot be judged: 'b' is not expected there"),
        ("a +", "it cannot be judged: it ends too early"),
        ("\\u0040a", "it cannot be judged: \\u0040 hides a character"),
        ('a "', "it cannot be judged: what begins with '\"' is not OGNL"),
        ("(" * 100, "it cannot be judged: it is nested too deeply"),
    ],
)
def test_the_reason_says_what_it_does(text: str, reason: str) -> None:
    finding = judge_expression(text)
    assert finding is not None
    assert (finding.risk, finding.reason) == (Risk.DANGEROUS, reason)


def test_what_is_no_ognl_is_told_from_what_acts() -> None:
    assert judge_expression("com.*") == Finding(
        Risk.DANGEROUS, "it cannot be judged: '*' is not expected there", is_read=False
    )
    assert judge_expression("a=1") == Finding(Risk.DANGEROUS, "it assigns a value", is_read=True)


def test_each_kind_of_part_is_judged_or_harmless() -> None:
    assert JUDGES.keys() | HARMLESS == set(Part)
    assert not JUDGES.keys() & HARMLESS


def test_an_expression_of_nothing_does_nothing() -> None:
    assert judge_expression(" ") is None


def test_a_long_expression_is_judged_in_whole() -> None:
    row = ", ".join(["params[0].name"] * 2_000)
    assert judge_expression(row) is None
    assert judge_expression(f"{row}, @a@b()") is not None


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    judge_expression(text)


WORDS = """
a b.c class new in not instanceof and 1 2.5 "x" 'y' `z` # @ @a@b @a@b() #{ . .{ .( ( ) [ ] { } ? :
:[ , = == + - ! ~ [^] ^ $ \\ \\u0041 " ' getX() stop size()
"""
PARTS = st.lists(st.sampled_from(WORDS.split())).map(" ".join)


@given(PARTS)
def test_no_row_of_parts_makes_it_raise(text: str) -> None:
    judge_expression(text)


@given(st.one_of(PARTS, st.text()))
def test_nothing_in_front_hides_a_call(text: str) -> None:
    finding = judge_expression(f"{text},@System@exit(1)")
    assert finding is not None
    assert finding.risk == Risk.DANGEROUS
