"""The versions of the evaluation that this process works by: read once, when the site starts."""

from functools import cache

from brokers.evaluation.rules.scoring import EvaluationScheme, load_schemes


@cache
def schemes() -> dict[str, EvaluationScheme]:
    """Every version by its id, the latest last. Raises `BadScheme`."""
    return load_schemes()


def latest() -> EvaluationScheme:
    """The version that a new evaluation begins under."""
    return list(schemes().values())[-1]
