"""Every address of the site. Chinese stands at the root, English under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from market.oversight.views import deep_health
from market.payments.views.stripe import take_delivery
from market.published import signing_keys

urlpatterns = [
    path(".well-known/signing-keys.json", signing_keys, name="signing_keys"),
    path("healthz/deep", deep_health, name="deep_health"),
    path("webhooks/stripe/", take_delivery, name="stripe_webhook"),
    path("i18n/", include("django.conf.urls.i18n")),
    # One door: the editors' interface sends people to the market's own sign-in, with its limits and second factor.
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="cms_login"),
    path("cms/password_reset/", RedirectView.as_view(pattern_name="account_reset_password"), name="cms_reset"),
    path("cms/", include(wagtailadmin_urls)),
    path("cms-documents/", include(wagtaildocs_urls)),
]
# For those who build pages; the public has no use for it.
_STYLE_GUIDE = [path("style-guide/", TemplateView.as_view(template_name="components/guide.html"), name="style_guide")]
urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("organisations/", include("market.accounts.urls")),
    path("files/", include("market.documents.urls")),
    path("letters/", include("market.letters.urls")),
    path("policy/", include("market.policy.urls")),
    path("cards/", include("market.payments.card_urls")),
    path("market/", include("listings.demands.urls")),
    path("market/", include("listings.urls")),
    path("auctions/", include("listings.auctions.urls")),
    path("payments/", include("market.payments.urls")),
    path("contracts/", include("contracts.urls")),
    path("relief/", include("contracts.relief.urls")),
    path("settlements/", include("contracts.settlement.urls")),
    path("brokers/board/", include("brokers.board.urls")),
    path("brokers/", include("brokers.urls")),
    path("credit/", include("brokers.credit.urls")),
    path("evaluation/", include("brokers.evaluation.urls")),
    path("rooms/", include("brokers.rooms.urls")),
    path("search/", include("search.urls")),
    *(_STYLE_GUIDE if settings.DEMONSTRATION else []),
    # The second of the doors that would sign people in without the market's limits.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="page_login"),
    path("", include("market.portal.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
