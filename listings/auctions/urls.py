"""The addresses of auctions and their rooms."""

from django.urls import path

from listings.auctions.views import announcing, evidence, keys, modes, rehearsals, rooms, signals

app_name = "auctions"

urlpatterns = [
    path("", rooms.show_auctions, name="auctions"),
    path("announce/<slug:number>/", announcing.announce, name="announce_auction"),
    path("verify/", evidence.verify, name="verify_evidence"),
    path("signals/", signals.show_signals, name="signals"),
    path("signals/<slug:signal>/", signals.signal, name="signal"),
    path("<slug:key>/", rooms.room, name="room"),
    path("<slug:key>/bid/", rooms.bid, name="place_bid"),
    path("<slug:key>/order/", rooms.order, name="set_proxy"),
    path("<slug:key>/stop/", modes.stop, name="stop_clock"),
    path("<slug:key>/top/", modes.top, name="top_best"),
    path("<slug:key>/seal/", modes.seal, name="seal_bid"),
    path("<slug:key>/withdraw/", modes.withdraw, name="withdraw_bid"),
    path("<slug:key>/match/", modes.match, name="match_best"),
    path("<slug:key>/waive/", modes.waive, name="waive_match"),
    path("<slug:key>/key/", keys.lot_key, name="lot_key"),
    path("<slug:key>/key/make/", keys.make_key, name="make_lot_key"),
    path("<slug:key>/key/keep/", keys.keep_key, name="keep_lot_key"),
    path("<slug:key>/protocol/", keys.protocol, name="protocol"),
    path("<slug:key>/protocol/bring/", keys.bring, name="bring_key"),
    path("<slug:key>/line/", rehearsals.line, name="note_line"),
    path("<slug:key>/rehearsal/", rehearsals.record, name="rehearsal"),
    path("<slug:key>/receipts/", evidence.receipts, name="receipts"),
    path("<slug:key>/receipts.json", evidence.receipts_file, name="receipts_file"),
    path("<slug:key>/receipts/<int:sequence>.json", evidence.receipt_file, name="receipt_file"),
    path("<slug:key>/result/", evidence.result, name="result"),
    path("<slug:key>/evidence.json", evidence.evidence_file, name="evidence_file"),
    path("<slug:key>/since/", rooms.since, name="since"),
    path("<slug:key>/pause/", rooms.pause, name="pause_auction"),
    path("<slug:key>/resume/", rooms.resume, name="resume_auction"),
    path("<slug:key>/annul/", rooms.annul, name="annul_auction"),
]
