"""Which chain recipes are known, and what one says in words."""

from workbench.model.profile import ChainProfile
from workbench.verify.chain import explain as words
from workbench.verify.chain import library


def known() -> tuple[ChainProfile, ...]:
    """Return the profiles that ship with the program, by id."""
    return library.shipped()


def find(name: str) -> ChainProfile:
    """Return a shipped profile by id, or the one in a file.

    Raises:
        SourceError: there is no such profile and no such file.
        ProfileError: the file cannot be understood.
    """
    [profile] = library.chosen(name)
    return profile


def explain(profile: ChainProfile) -> list[str]:
    """Return what a profile says, in plain sentences."""
    return words.explain(profile)
