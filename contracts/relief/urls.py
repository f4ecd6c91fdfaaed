"""The addresses of relief: the calculator and its rules for everybody, the ledger for taxpayers and officials."""

from django.urls import path

from contracts.relief.views import calculator, ledger

app_name = "relief"

urlpatterns = [
    path("", calculator.what_if, name="what_if"),
    path("rules/", calculator.rules, name="rules"),
    path("rules/<slug:digest>/", calculator.rule_text, name="rule_text"),
    path("contracts/<slug:key>/", ledger.contract_relief, name="contract_relief"),
    path("claims/", ledger.claims, name="claims"),
    path("claims/<slug:key>/", ledger.show_claim, name="claim_page"),
    path("claims/<slug:key>/file/", ledger.file, name="file_claim"),
    path("claims/<slug:key>/drop/", ledger.drop, name="drop_claim"),
    path("claims/<slug:key>/take-back/", ledger.take_back, name="take_back_claim"),
    path("claims/<slug:key>/grant/", ledger.grant, name="grant_claim"),
    path("claims/<slug:key>/refuse/", ledger.refuse, name="refuse_claim"),
    path("claims/<slug:key>/settle/", ledger.settle, name="settle_recovery"),
    path("claims/<slug:key>/package.pdf", ledger.download_pdf, name="package_pdf"),
    path("claims/<slug:key>/package.zip", ledger.download_zip, name="package_zip"),
]
