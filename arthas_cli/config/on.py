"""The targets of `--on`: words in, one list of JVMs out; nothing is sent, asked or opened.

A word is a profile, a group, `all`, or an address in a form of `config.target`; a range in it,
`web[1-20]:8563`, stands for many. A selector of pods stays one target until `ways.expand`, which
asks the cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from arthas_cli.config.address import DEFAULT_PORT, has_password
from arthas_cli.config.ranges import MOST, expand_range, has_range
from arthas_cli.config.settings import Layer, merge, read_url, resolve
from arthas_cli.config.target import ALL, find_scheme, is_bare, parse_target
from arthas_cli.config.values import read_words
from arthas_cli.config.variables import name_variable
from arthas_cli.errors import ConfigError, NotRun
from arthas_cli.text import count, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arthas_cli.config.file import Config
    from arthas_cli.config.settings import AskPassword, Settings

_PORT = f":{DEFAULT_PORT}"
_PORTS = {"http": 80, "https": 443}
_ADDRESS, _PROFILE, _PRODUCTION = range(3)
# What a profile keeps to itself, whatever the command line gives to addresses.
_LOGIN = ("username", "password")


class Target(NamedTuple):
    """One JVM, or where not `is_single` the pods of a selector.

    `name`: as it was given, so that it can be given again. `layer`: the settings of this target's
    own place, which names it. `url`: its canonical address. `rank`: the higher one stays of two
    that have the same address.
    """

    name: str
    layer: Layer
    url: str
    is_single: bool = True
    rank: int = _ADDRESS

    def stand_for(self, url: str) -> Target:
        """Return one of those that a selector stands for, with the settings of its profile."""
        layer = {"url": url} if "url" in self.layer else self.layer
        return self._replace(name=url.removesuffix(_PORT), layer=layer, url=url, is_single=True)


class Targets(NamedTuple):
    """What `--on` names, without doubles, in the order given.

    `is_one`: a form that names one JVM, given once; everything is as without `--on`. `word`: the
    only one that was given, else empty.
    """

    members: tuple[Target, ...]
    is_one: bool = False
    word: str = ""

    @property
    def name(self) -> str:
        """The one word that stands for them, empty where there are several."""
        return self.word.removeprefix("//")

    @property
    def label(self) -> str:
        """What messages call them."""
        return self.name or count(len(self.members), "JVM")


def find_words(places: Sequence[Layer]) -> tuple[str, ...]:
    """Return the words of `--on` that hold; none where a nearer place names another target.

    Raises:
        NotRun: a place names a target twice.
    """
    return read_words(merge(places).get("on"))


def read_targets(words: Sequence[str], config: Config) -> Targets:
    """Read the words of `--on`.

    Raises:
        NotRun: a word cannot be understood, or stands for too many; it is named.
        ConfigError: so is the member of a group.
    """
    members: list[Target] = []
    for word in words:
        members += _read_word(word, config)
        _check_number(len(members))
    if len(words) != 1:
        return make_targets(members)
    [word] = words
    is_form = word in config.profiles or not (
        word in config.groups or word == ALL or has_range(word)
    )
    is_one = is_form and members[0].is_single
    return make_targets(members, is_one=is_one, word=word)


def make_targets(members: Iterable[Target], *, is_one: bool = False, word: str = "") -> Targets:
    """Return the targets without doubles; of two the one that is treated with more care stays."""
    found: dict[object, Target] = {}
    for target in members:
        key = _identify(target.url)
        if key not in found or found[key].rank < target.rank:
            found[key] = target
    _check_number(len(found))
    return Targets(tuple(found.values()), is_one, word)


def refuse_many(targets: Targets) -> NotRun:
    """Return that what was asked for is done on one JVM only."""
    return NotRun(
        f"this command is for one JVM, and --on names {targets.label}",
        hint="give --on once, with one profile or address",
    )


def resolve_targets(
    targets: Targets,
    places: Sequence[Layer],
    config: Config,
    ask_password: AskPassword | None = None,
) -> list[Settings]:
    """Return the settings of each target, in order.

    The user and password of the command line are for addresses, and asked for once; a profile has
    its own. What the environment says of a target that it names itself goes to no other.

    Raises:
        NotRun, ConfigError: as `resolve`.
    """
    shared = {name: value for name, value in merge(places).items() if name != "on"}
    without = {name: value for name, value in shared.items() if name not in _LOGIN}
    of_addresses: Settings | None = None
    found: list[Settings] = []
    for target in targets.members:
        if targets.is_one or target.rank == _ADDRESS:
            if of_addresses is None:  # all that differs from one to the next is the address
                of_addresses = resolve([{**shared, **target.layer}], config, ask_password)
            settings = of_addresses
        else:
            ask = _ask_for(target, config, ask_password)
            settings = resolve([{**without, **target.layer}], config, ask)
        found.append(settings._replace(connection=settings.connection._replace(url=target.url)))
    return found


def _ask_for(target: Target, config: Config, ask_password: AskPassword | None) -> AskPassword:
    """Return what asks for the password of one profile among many: it goes to no other."""
    name = str(target.layer["profile"])

    def ask(whom: str) -> str | None:
        if ask_password is None:
            raise NotRun(
                f"the profile '{name}' has a user and no password",
                hint=f"give it a password_command in '{config.path}': one profile among several"
                " takes no password from the command line or the environment",
            )
        return ask_password(f"{whom} of the profile '{name}'")

    return ask


def _read_word(word: str, config: Config) -> Iterator[Target]:
    """Read one word of the command line; raises as `read_targets`."""
    try:
        if word in config.groups:
            yield from _read_group(word, config)
        elif word == ALL:
            yield from _read_all(config)
        else:
            yield from _read_addresses(word, config)
    except ConfigError:
        raise
    except NotRun as error:
        raise _name_word(error, word) from None


def _read_group(name: str, config: Config) -> Iterator[Target]:
    if not config.groups[name]:
        message = f"'{config.path}': the group '{name}' has no members"
        raise ConfigError(message, hint=f'write {name} = ["…", "…"] into [groups]')
    for member in config.groups[name]:
        try:
            yield from _read_addresses(member, config)
        except NotRun as error:
            message = f"'{config.path}': the group '{name}': {error.message}"
            raise ConfigError(message, hint=error.hint) from None


def _read_all(config: Config) -> Iterator[Target]:
    if not config.profiles:
        raise NotRun(
            "'all' stands for every profile, and there is none",
            hint=f"write [profiles.NAME] into '{config.path}'",
        )
    for name in config.profiles:
        yield _read_profile(name, config)


def _read_addresses(word: str, config: Config) -> Iterator[Target]:
    """Read a word that is no group."""
    if word in config.profiles:
        yield _read_profile(word, config)
        return
    for name in expand_range(word):
        if name in config.profiles:
            yield _read_profile(name, config)
        elif is_bare(name):
            raise _refuse_name(name, config, is_range=name != word)
        else:
            yield _read_address(name, config)


def _read_profile(name: str, config: Config) -> Target:
    profile = config.find_profile(name)
    url = read_url(profile)
    rank = _PRODUCTION if profile.get("production") else _PROFILE
    return Target(name, {"profile": name}, url, not _is_selector(url), rank)


def _read_address(word: str, config: Config) -> Target:
    text = word.removeprefix("//")
    url = parse_target(text)
    name = word if text in (*config.profiles, *config.groups) else text
    return Target(name, {"url": url}, url, not _is_selector(url))


def _refuse_name(name: str, config: Config, *, is_range: bool) -> NotRun:
    hint = f"name a host with its port, as in web-{'[1-20]' if is_range else '1'}:8563"
    known = (*config.profiles, *config.groups, ALL)
    what = f"there is no profile or group '{name}'"
    return NotRun(what, hint=suggest(name, known, hint))


def _name_word(error: NotRun, word: str) -> NotRun:
    """Return the error with the word it is about, unless that may hold a password."""
    if has_password(word):
        return error
    message = error.message if f"'{word}'" in error.message else f"'{word}': {error.message}"
    is_list = "," in word and not (has_range(word) or _is_selector(word))
    hint = "give --on again for each target" if is_list else error.hint
    return name_variable(NotRun(message, hint=hint), word)


def _check_number(number: int) -> None:
    if number > MOST:
        raise NotRun(f"these are more than {MOST:,} targets", hint="name them in several runs")


def _is_selector(url: str) -> bool:
    return find_scheme(url) == "k8s" and "?" in url


def _identify(url: str) -> object:
    """Return what two spellings of one address have in common."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        return url
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], parts.path
