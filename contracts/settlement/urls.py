"""The addresses of settlements, what is due in them, reports on royalties and disputes."""

from django.urls import path

from contracts.settlement.views import disputes, plans, royalties, settlements

app_name = "settlement"

urlpatterns = [
    path("", settlements.my_settlements, name="my_settlements"),
    path("dues/<slug:key>/", settlements.show_due, name="due_page"),
    path("disputes/", disputes.desk, name="dispute_desk"),
    path("disputes/<slug:key>/", disputes.show_dispute, name="dispute_page"),
    path("disputes/<slug:key>/answer/", disputes.answer, name="answer_dispute"),
    path("disputes/<slug:key>/withdraw/", disputes.withdraw, name="withdraw_dispute"),
    path("disputes/<slug:key>/decide/", disputes.decide, name="decide_dispute"),
    path("royalties/<slug:key>/", royalties.show_report, name="report_page"),
    path("royalties/<slug:key>/report/", royalties.report_, name="report_royalty"),
    path("royalties/<slug:key>/object/", royalties.object_, name="object_to_report"),
    path("royalties/<slug:key>/accept/", royalties.accept, name="accept_report"),
    path("royalties/<slug:key>/decide/", royalties.decide, name="decide_report"),
    path("<slug:key>/", settlements.show_settlement, name="settlement_page"),
    path("<slug:key>/plan/", plans.propose, name="propose_plan"),
    path("<slug:key>/plan/agree/", plans.agree, name="agree_plan"),
    path("<slug:key>/delivered/", settlements.state_delivery, name="report_delivery"),
    path("<slug:key>/confirm/", settlements.confirm, name="confirm_delivery"),
    path("<slug:key>/dispute/", disputes.open_, name="open_dispute"),
    path("<slug:key>/costs/", plans.add_cost, name="enter_cost"),
    path("<slug:key>/costs/<int:pk>/remove/", plans.take_out_cost, name="remove_cost"),
    path("<slug:key>/share/", plans.set_share, name="set_inventors_share"),
    path("<slug:key>/statement/", settlements.show_statement, name="statement"),
    path("<slug:key>/statement.pdf", settlements.download_statement, name="download_statement"),
]
