"""The addresses of technology contracts, applications and registrations."""

from django.urls import path

from contracts.views import contracts, deciding, recognition, register, registrations, rules, sheets

app_name = "contracts"

urlpatterns = [
    path("", contracts.my_contracts, name="my_contracts"),
    path("verify/", contracts.verify, name="verify"),
    path("verify/<slug:number>/<slug:verification_key>/", contracts.verify_registration, name="verify_registration"),
    path("from-deal/<slug:key>/", contracts.draft, name="draft_contract"),
    path("forms/begin/", sheets.begin, name="begin_sheet"),
    path("forms/<slug:key>/", sheets.show_sheet, name="sheet_page"),
    path("forms/<slug:key>/submit/", sheets.submit, name="submit_sheet"),
    path("forms/<slug:key>/reopen/", sheets.reopen, name="reopen_sheet"),
    path("forms/<slug:key>/discard/", sheets.discard, name="discard_sheet"),
    path("forms/<slug:key>/<slug:step>/", sheets.show_step, name="sheet_step"),
    path("desk/", deciding.desk, name="application_desk"),
    path("desk/recognise/", deciding.recognise_many, name="recognise_many"),
    path("register/", register.show_register, name="register"),
    path("register/export.csv", register.download_csv, name="register_csv"),
    path("register/export.xlsx", register.download_workbook, name="register_workbook"),
    path("register/statistics/", register.show_statistics, name="statistics"),
    path("rules/", rules.show_rule_sets, name="rule_sets"),
    path("rules/<slug:rule_set>/", rules.show_rule_set, name="rule_set"),
    path("applications/<slug:key>/", recognition.show_application, name="application_page"),
    path("applications/<slug:key>/recognise/", recognition.recognise, name="recognise_contract"),
    path("applications/<slug:key>/read/", deciding.read, name="read_application"),
    path("applications/<slug:key>/assign/", deciding.assign, name="assign_application"),
    path("applications/<slug:key>/signs/<slug:code>/", deciding.answer, name="answer_flag"),
    path("applications/<slug:key>/propose/", deciding.propose, name="propose_decision"),
    path("applications/<slug:key>/send-back/", deciding.send_back, name="send_back_application"),
    path("applications/<slug:key>/appeal/", deciding.appeal, name="appeal_refusal"),
    path("applications/<slug:key>/appeal/uphold/", deciding.uphold, name="uphold_refusal"),
    path("applications/<slug:key>/appeal/grant/", deciding.reopen, name="reopen_application"),
    path("applications/<slug:key>/return/", recognition.return_, name="return_application"),
    path("applications/<slug:key>/refuse/", recognition.refuse, name="refuse_application"),
    path("applications/<slug:key>/resubmit/", recognition.resubmit, name="resubmit_application"),
    path("applications/<slug:key>/withdraw/", recognition.withdraw, name="withdraw_application"),
    path("registrations/<slug:number>/certificate.pdf", contracts.download_certificate, name="download_certificate"),
    path("registrations/<slug:number>/revoke/", registrations.revoke, name="revoke_registration"),
    path("registrations/<slug:number>/cancel/", registrations.cancel, name="cancel_registration"),
    path("registrations/<slug:number>/change/", registrations.ask_change, name="request_change"),
    path("registrations/<slug:number>/changes/<slug:key>/enter/", registrations.enter, name="enter_change"),
    path("registrations/<slug:number>/changes/<slug:key>/decline/", registrations.decline, name="decline_change"),
    path("<slug:key>/", contracts.show_contract, name="contract_page"),
    path("<slug:key>/change/", contracts.change, name="change_contract"),
    path("<slug:key>/agree/", contracts.agree, name="agree_contract"),
    path("<slug:key>/form/", sheets.begin_from_contract, name="begin_sheet_from_contract"),
    path("<slug:key>/apply/", recognition.apply, name="apply_for_recognition"),
]
