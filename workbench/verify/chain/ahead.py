"""Hand pieces of a log to workers, and have them ready when the first one comes."""

from concurrent.futures import Executor, Future
from dataclasses import replace

from workbench.evidence.limits import MIB
from workbench.verify.chain.frame import Cut
from workbench.verify.chain.piece import Task, Walked, walk
from workbench.verify.pool import cores, submit_with

#: From this size of a log on NumPy is worth the time that it takes to load.
LARGE = 32 * MIB


def warm_up(executor: Executor) -> None:
    """Let workers load what walks the pieces of a large log, while it is being looked at."""
    for _ in range(cores()):
        executor.submit(_load)


def _load() -> None:
    import workbench.verify.chain.columns  # noqa: F401 - loaded, not used


def hand_over(executor: Executor, plan: Task, cut: Cut) -> Future[Walked]:
    """Let a worker walk a piece."""
    task = replace(plan, cut=replace(cut, data=b""))
    return submit_with(executor, _walk_with, cut.data, task)


def _walk_with(data: bytes, task: Task) -> Walked:
    return walk(replace(task, cut=replace(task.cut, data=data)))
