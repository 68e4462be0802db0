from support.table import each_row

from arthas_cli.completion.index import ClassIndex

INDEX = ClassIndex(
    [
        "com.shop.user.UserServiceImpl",
        "com.shop.user.UserService",
        "com.shop.user.UserSettings",
        "com.shop.order.OrderService",
        "com.shop.order.OrderService$Builder",
        "com.shop.order.web.OrderPage",
        "demo.MathGame",
        "javax.shop.Strange",
        "net.StringTool",
        "net.TheStreams",
    ],
    [
        "com.sun.proxy.Strings",
        "java.lang.StringBuilder",
        "java.util.stream.Streams",
        "org.xml.sax.Parser",
    ],
)


@each_row("typed", ["usi", "USI", "UserSvcImpl", "usersvcimpl", "ServiceImpl"])
def test_a_class_is_found_by_its_humps_their_letters_and_its_parts(typed: str) -> None:
    assert "com.shop.user.UserServiceImpl" in INDEX.find(typed, {})


def test_packages_are_offered_one_by_one() -> None:
    assert INDEX.find("net.t", {}) == ["net.TheStreams"]
    assert INDEX.find("com.sh", {}) == ["com.shop."]
    assert INDEX.find("com.shop.", {}) == ["com.shop.order.", "com.shop.user."]


def test_what_is_in_a_package_comes_with_the_packages_below_it() -> None:
    assert INDEX.find("com.shop.order.", {}) == [
        "com.shop.order.OrderService",
        "com.shop.order.OrderService$Builder",
        "com.shop.order.web.",
    ]


def test_humps_are_found_below_a_package_too() -> None:
    assert INDEX.find("com.shop.usi", {}) == ["com.shop.user.UserServiceImpl"]
    assert INDEX.find("com.shop.order.usi", {}) == []


def test_case_does_not_matter() -> None:
    assert INDEX.find("COM.SHOP.USER.users", {})[0] == "com.shop.user.UserService"


def test_what_was_used_most_comes_first() -> None:
    used = {"com.shop.user.UserSettings": 2, "com.shop.user.UserServiceImpl": 1}
    assert INDEX.find("us", used)[:3] == [
        "com.shop.user.UserSettings",
        "com.shop.user.UserServiceImpl",
        "com.shop.user.UserService",
    ]


@each_row(
    ("typed", "found"),
    [
        (
            "",
            "com.shop. demo. javax.shop. net. com.sun.proxy. java. org.xml.sax.",
        ),
        ("com.", "com.shop. com.sun.proxy."),
        (
            "str",
            (
                "javax.shop.Strange net.StringTool net.TheStreams"
                " com.sun.proxy.Strings java.util.stream.Streams java.lang.StringBuilder"
            ),
        ),
        ("parser", "org.xml.sax.Parser"),
        ("pser", "org.xml.sax.Parser"),
    ],
)
def test_the_packages_and_classes_of_the_jdk_come_last(typed: str, found: str) -> None:
    assert INDEX.find(typed, {}) == found.split()


def test_classes_of_the_jdk_that_were_used_come_before_others() -> None:
    assert INDEX.find("str", {"java.util.stream.Streams": 1})[:2] == [
        "java.util.stream.Streams",
        "javax.shop.Strange",
    ]


def test_many_classes_of_the_program_leave_room_for_those_of_the_jdk() -> None:
    index = ClassIndex((f"a.String{number}" for number in range(100)), ["java.lang.String"])
    assert index.find("string", {}, limit=50)[-2:] == ["a.String48", "java.lang.String"]


def test_names_that_nobody_can_type_are_left_out() -> None:
    index = ClassIndex(
        ["[B", "[Lx.Y;", "x.L$$Lambda/0x01", "x.\x1b[31mRed", "x.\u202eOver", "x.Ok"]
    )
    assert index.find("x.", {}) == ["x.Ok"]
    assert len(index) == 1


def test_no_more_names_are_returned_than_asked_for() -> None:
    index = ClassIndex(f"a.Name{number}" for number in range(10_000))
    assert len(index.find("name", {}, limit=50)) == 50


def test_an_empty_index_finds_nothing() -> None:
    assert ClassIndex().find("abc", {}) == []
    assert ClassIndex().find("", {}) == []
