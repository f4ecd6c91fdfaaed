"""The addresses of deposits, the market's till and its ledger."""

from django.urls import path

from market.payments.views import deposits, ledger, payouts, recoveries, refunds, till

app_name = "payments"

urlpatterns = [
    path("deposits/", deposits.my_deposits, name="my_deposits"),
    path("deposits/<slug:key>/", deposits.deposit_page, name="deposit_page"),
    path("deposits/<slug:key>/letter/", deposits.offer_letter, name="offer_letter"),
    path("deposits/<slug:key>/letter/accept/", till.accept_letter, name="accept_letter"),
    path("deposits/<slug:key>/letter/refuse/", till.refuse_letter, name="refuse_letter"),
    path("deposits/<slug:key>/refund/", refunds.confirm_refund, name="confirm_refund"),
    path("bank-account/", deposits.bank_account, name="bank_account"),
    path("till/", till.till, name="till"),
    path("till/statement/", till.import_list, name="import_statement"),
    path("till/statement/example.csv", till.example, name="statement_example"),
    path("till/statement/confirm/", till.confirm_import, name="confirm_import"),
    path("till/lines/confirm/", till.confirm_all, name="confirm_lines"),
    path("till/lines/<int:pk>/", till.line_page, name="line"),
    path("till/lines/<int:pk>/confirm/", till.confirm_one, name="confirm_line"),
    path("till/lines/<int:pk>/sent/", refunds.confirm_sent, name="confirm_sent"),
    path("refunds/", refunds.refunds, name="refunds"),
    path("refunds/orders.csv", refunds.orders, name="refund_orders"),
    path("payouts/", payouts.payouts, name="payouts"),
    path("payouts/ours/", payouts.my_payouts, name="my_payouts"),
    path("payouts/orders.csv", payouts.orders, name="payout_orders"),
    path("payouts/<slug:key>/", payouts.payout_page, name="payout_page"),
    path("payouts/<slug:key>/paid/", payouts.confirm_paid, name="confirm_payout"),
    path("payouts/<slug:key>/returned/", payouts.note_returned, name="return_payout"),
    path("recoveries/", recoveries.recoveries, name="recoveries"),
    path("recoveries/<slug:key>/", recoveries.recovery_page, name="recovery_page"),
    path("recoveries/<slug:key>/write-off/", recoveries.propose, name="propose_write_off"),
    path("recoveries/<slug:key>/approve/", recoveries.approve, name="approve_write_off"),
    path("recoveries/<slug:key>/reject/", recoveries.reject, name="reject_write_off"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<int:pk>/", ledger.account, name="account"),
]
