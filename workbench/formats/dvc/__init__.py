"""DVC: ``dvc.lock``, which states what each stage of a pipeline read and wrote, and data files.

The lock gives the digest of every input, the command and the parameters of the last run of each
stage. Digests are MD5 (``.dir``: of a listing of a folder). One path with two digests in one lock
is two things: a stage read something other than what the stage before it wrote.
"""

from workbench.formats.reader import Later, Look

SUFFIX = ".dvc"


def _may_be(look: Look) -> bool:
    return look.suffix == SUFFIX or (b"schema" in look.head and b"stages" in look.head)


READER = Later("dvc", "workbench.formats.dvc.reader", _may_be, order=60)
