"""The addresses of technology contracts, applications and registrations."""

from django.urls import path

from contracts.views import contracts, recognition

app_name = "contracts"

urlpatterns = [
    path("", contracts.my_contracts, name="my_contracts"),
    path("verify/", contracts.verify, name="verify"),
    path("verify/<slug:number>/<slug:verification_key>/", contracts.verify_registration, name="verify_registration"),
    path("from-deal/<slug:key>/", contracts.draft, name="draft_contract"),
    path("desk/", recognition.desk, name="application_desk"),
    path("applications/<slug:key>/", recognition.show_application, name="application_page"),
    path("applications/<slug:key>/recognise/", recognition.recognise, name="recognise_contract"),
    path("applications/<slug:key>/return/", recognition.return_, name="return_application"),
    path("applications/<slug:key>/refuse/", recognition.refuse, name="refuse_application"),
    path("applications/<slug:key>/resubmit/", recognition.resubmit, name="resubmit_application"),
    path("applications/<slug:key>/withdraw/", recognition.withdraw, name="withdraw_application"),
    path("registrations/<slug:number>/certificate.pdf", contracts.download_certificate, name="download_certificate"),
    path("registrations/<slug:number>/revoke/", recognition.revoke, name="revoke_registration"),
    path("registrations/<slug:number>/cancel/", recognition.cancel, name="cancel_registration"),
    path("<slug:key>/", contracts.show_contract, name="contract_page"),
    path("<slug:key>/change/", contracts.change, name="change_contract"),
    path("<slug:key>/agree/", contracts.agree, name="agree_contract"),
    path("<slug:key>/apply/", recognition.apply, name="apply_for_recognition"),
]
