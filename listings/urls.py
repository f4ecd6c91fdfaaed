"""The addresses of achievements, listings, intents, objections and deals."""

from django.urls import path

from listings.views import achievements, deals, imports, intents, listings, next_offers, objections

app_name = "listings"

urlpatterns = [
    path("achievements/", achievements.my_achievements, name="my_achievements"),
    path("achievements/desk/", achievements.examine_achievements, name="examine_achievements"),
    path("achievements/template.xlsx", imports.import_template, name="import_template"),
    path("achievements/export.xlsx", imports.export_achievements, name="export_achievements"),
    path("achievements/import/", imports.import_list, name="import_achievements"),
    path("achievements/import/confirm/", imports.confirm_import, name="confirm_import"),
    path("achievements/new/", achievements.draft, name="draft_achievement"),
    path("achievements/<slug:key>/", achievements.achievement_page, name="achievement_page"),
    path("achievements/<slug:key>/change/", achievements.change, name="change_achievement"),
    path("achievements/<slug:key>/submit/", achievements.submit, name="submit_achievement"),
    path("achievements/<slug:key>/register/", achievements.register, name="register_achievement"),
    path("achievements/<slug:key>/return/", achievements.return_, name="return_achievement"),
    path("achievements/<slug:key>/revoke/", achievements.revoke, name="revoke_achievement"),
    path("achievements/<slug:key>/discard/", achievements.discard, name="discard_achievement"),
    path("achievements/<slug:key>/list/", listings.draft, name="draft_listing"),
    path("listings/", listings.my_listings, name="my_listings"),
    path("listings/<slug:number>/", listings.show_listing, name="listing_page"),
    path("listings/<slug:number>/change/", listings.change, name="change_listing"),
    path("listings/<slug:number>/publish/", listings.publish, name="publish_listing"),
    path("listings/<slug:number>/discard/", listings.discard, name="discard_listing"),
    path("listings/<slug:number>/price/", listings.lower_price, name="change_price"),
    path("listings/<slug:number>/withdraw/", listings.withdraw, name="withdraw_listing"),
    path("listings/<slug:number>/intents/new/", intents.register, name="register_intent"),
    path("listings/<slug:number>/objections/new/", objections.raise_, name="raise_objection"),
    path("intents/", intents.my_intents, name="my_intents"),
    path("intents/<slug:key>/", intents.intent_page, name="intent_page"),
    path("intents/<slug:key>/qualify/", intents.qualify, name="qualify_intent"),
    path("intents/<slug:key>/reject/", intents.reject, name="reject_intent"),
    path("intents/<slug:key>/confirm/", intents.confirm, name="confirm_intent"),
    path("intents/<slug:key>/withdraw/", intents.withdraw, name="withdraw_intent"),
    path("objections/", objections.objections, name="objections"),
    path("objections/<slug:key>/", objections.objection_page, name="objection_page"),
    path("objections/<slug:key>/comment/", objections.comment, name="comment_objection"),
    path("objections/<slug:key>/answer/", objections.answer, name="answer_objection"),
    path("objections/<slug:key>/withdraw/", objections.withdraw, name="withdraw_objection"),
    path("deals/", deals.my_deals, name="my_deals"),
    path("deals/<slug:key>/", deals.show_deal, name="deal_page"),
    path("deals/<slug:key>/fail/", deals.fail, name="fail_deal"),
    path("deals/<slug:key>/obstacle/", deals.obstacle, name="state_obstacle"),
    path("next-offers/<slug:key>/", next_offers.next_offer_page, name="next_offer_page"),
    path("next-offers/<slug:key>/accept/", next_offers.accept, name="accept_next_offer"),
    path("next-offers/<slug:key>/decline/", next_offers.decline, name="decline_next_offer"),
]
