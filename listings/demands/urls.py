"""The addresses of demands and of what answers them."""

from django.urls import path

from listings.demands.views import clinic, demands, proposals

app_name = "demands"

urlpatterns = [
    path("demands/", demands.my_demands, name="my_demands"),
    path("demands/new/", demands.publish_new_demand, name="publish_demand"),
    path("demands/<slug:number>/", demands.show_demand, name="demand_page"),
    path("demands/<slug:number>/change/", demands.change, name="change_demand"),
    path("demands/<slug:number>/publish/", demands.publish, name="publish_draft"),
    path("demands/<slug:number>/close/", demands.close, name="close_demand"),
    path("demands/<slug:number>/clinic/", clinic.clinic, name="demand_clinic"),
    path("demands/<slug:number>/clinic/adopt/", clinic.adopt, name="adopt_indicators"),
    path("demands/<slug:number>/terms/", demands.accept, name="accept_terms"),
    path("demands/<slug:number>/answer/", proposals.draft, name="draft_proposal"),
    path("proposals/", proposals.my_proposals, name="my_proposals"),
    path("proposals/<slug:key>/", proposals.show_proposal, name="proposal_page"),
    path("proposals/<slug:key>/change/", proposals.change, name="change_proposal"),
    path("proposals/<slug:key>/submit/", proposals.submit, name="submit_proposal"),
    path("proposals/<slug:key>/withdraw/", proposals.withdraw, name="withdraw_proposal"),
    path("proposals/<slug:key>/shortlist/", proposals.shortlist, name="shortlist_proposal"),
    path("proposals/<slug:key>/decline/", proposals.decline, name="decline_proposal"),
    path("proposals/<slug:key>/award/", proposals.award, name="award_proposal"),
    path("proposals/<slug:key>/ask/", proposals.ask, name="ask_question"),
    path("questions/<slug:key>/answer/", proposals.answer, name="answer_question"),
]
