"""Paying by card in the browser, on the page of the stand-in for Stripe."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from tests.e2e.browser import Person, in_words
from tests.e2e.conftest import LiveMarket


def pay_by_card(market: LiveMarket, buyer: Person) -> None:
    buyer.press("/begin/")
    market.work()
    buyer.page.locator("main a", has_text="Stripe").first.wait_for()
    buyer.picture("checkout")
    buyer.page.locator("main a", has_text="Stripe").first.click()
    buyer.page.get_by_role("button", name="alipay").click()
    buyer.page.wait_for_url(f"{buyer.site}/**")
    market.work()
    # The page looks again by itself.
    buyer.page.locator("main .alert", has_text=in_words(gettext_lazy("Paid"))).wait_for()
    buyer.picture("paid-by-card")
