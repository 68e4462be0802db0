"""The hosts that are offered for `ssh://`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.ways.ssh_hosts import list_hosts

if TYPE_CHECKING:
    from pathlib import Path


def test_the_names_of_the_configuration_are_found_its_patterns_are_not(tmp_path: Path) -> None:
    folder = tmp_path / ".ssh"
    (folder / "more").mkdir(parents=True)
    (folder / "config").write_text(
        "# Host no\nHost shop-3 shop-4 *.example !bad\n  HostName 10.0.0.3\n"
        'host = "quoted"\nHost "open\nInclude more/*.conf\nInclude none\n',
        "utf-8",
    )
    (folder / "more" / "a.conf").write_text("Host included\nInclude config\n", "utf-8")
    assert list_hosts(tmp_path) == ["included", "quoted", "shop-3", "shop-4"]


def test_the_names_of_accepted_keys_are_found_as_addresses(tmp_path: Path) -> None:
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "known_hosts").write_text(
        "shop-3,10.0.0.3 ssh-ed25519 AAAA\n[bastion]:2222 ssh-rsa AAAA\n[fe80::1]:22 ssh-rsa AAAA\n"
        "::1 ssh-rsa AAAA\n|1|abc=|def= ssh-rsa AAAA\n@cert-authority *.x ssh-rsa AAAA\n# a b\n\n",
        "utf-8",
    )
    assert list_hosts(tmp_path) == [
        "10.0.0.3",
        "[::1]",
        "[fe80::1]:22",
        "bastion:2222",
        "shop-3",
    ]


def test_without_a_configuration_of_ssh_there_are_none(tmp_path: Path) -> None:
    assert list_hosts(tmp_path) == []
