from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured


class EvaluationConfig(AppConfig):
    """The yearly evaluation of technology transfer institutions."""

    name = "brokers.evaluation"
    label = "evaluation"

    def ready(self) -> None:
        from brokers.evaluation.desks import evaluation_desks
        from brokers.evaluation.permissions import may_read_evaluation_papers
        from brokers.evaluation.rules.scoring import BadScheme
        from brokers.evaluation.schemes import schemes
        from market.accounts.desks import add_desks
        from market.documents.permissions import grant

        try:
            schemes()
        except BadScheme as error:
            raise ImproperlyConfigured(f"The indicators of the evaluation cannot be used. {error}") from error
        add_desks(evaluation_desks)
        grant(may_read_evaluation_papers)
