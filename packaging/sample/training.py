"""A logistic regression on invented applicants: small, but really trained."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np
from story import FEATURES, SEED, Run

_TRUE = np.array([-0.9, 1.1, 0.8, -0.6, 1.3, 0.4])
_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Data:
    """Applicants of one month: standardised features, and who fell behind."""

    x: np.ndarray
    y: np.ndarray

    @property
    def digest(self) -> str:
        """Return the lower hex SHA-256 of the rows."""
        return sha256(self.x.tobytes() + self.y.tobytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned and how good it is."""

    weights: np.ndarray
    bias: float
    losses: tuple[float, ...]
    auc: float
    brier: float


@cache
def applicants(snapshot: str) -> Data:
    """Return the applicants of a month such as ``2026-03``."""
    chance = np.random.default_rng([SEED, int(snapshot.replace("-", ""))])
    x = np.round(chance.normal(size=(_ROWS, len(FEATURES))), 4)
    odds = x @ _TRUE - 1.5 + chance.normal(scale=0.8, size=_ROWS)
    return Data(x, (odds > 0).astype(np.float64))


def train(run: Run) -> Model:
    """Return the model of a run, by gradient descent with L2."""
    data = applicants(run.snapshot or "2026-03")
    chance = np.random.default_rng(run.seed or 0)
    weights, bias, losses = chance.normal(scale=0.1, size=len(FEATURES)), 0.0, []
    for epoch in range(run.epochs):
        p = _sigmoid(data.x @ weights + bias)
        weights -= 0.5 * (data.x.T @ (p - data.y) / _ROWS + run.l2 * weights)
        bias -= 0.5 * float(np.mean(p - data.y))
        if epoch % 100 == 0:
            losses.append(round(_loss(p, data.y), 4))
    test = applicants("2025-12")
    p = _sigmoid(test.x @ weights + bias)
    brier = round(float(np.mean((p - test.y) ** 2)), 4)
    return Model(weights, bias, tuple(losses), round(_auc(p, test.y), 4), brier)


def _sigmoid(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-odds))


def _loss(p: np.ndarray, y: np.ndarray) -> float:
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def _auc(p: np.ndarray, y: np.ndarray) -> float:
    """Return the chance that one who fell behind scores higher than one who did not."""
    rank = np.argsort(np.argsort(p)) + 1
    bad = y.sum()
    return float((rank[y == 1].sum() - bad * (bad + 1) / 2) / (bad * (len(y) - bad)))
