"""`python -m arthas_cli`, the same as the command `arthas-shell`."""


def main() -> None:
    """Runs the program and exits with its code."""


if __name__ == "__main__":
    main()
