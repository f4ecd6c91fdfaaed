from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "market.policy"
    label = "policy"
