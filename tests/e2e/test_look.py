"""How pages look and can be used: on a phone, by keyboard, in both languages and in dark surroundings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import NOW
from tests.demands.builders import a_demand
from tests.e2e.browser import Person
from tests.e2e.conftest import LiveMarket
from tests.listings.builders import a_listing

PAGES = (
    "/",
    "/catalogue/",
    "/demands/",
    "/policies/",
    "/policies/sixteen/",
    "/guides/",
    "/guides/sell/",
    "/news/",
    "/news/opening/",
    "/about/",
    "/plan-figures/",
    "/policy/",
    "/policy/calendar/",
    "/search/?q=循环流化床",
    "/brokers/",
    "/contracts/verify/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/nothing/",
)
# Ink on the ground it really has, by the formula of WCAG 2; of every text that is shown.
_CONTRAST = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all(document.getAnimations().map(it => it.finished));
  const lit = c => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => .2126 * lit(r) + .7152 * lit(g) + .0722 * lit(b);
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    const hidden = !element.checkVisibility({visibilityProperty: true}) || element.closest(".visually-hidden, .skip-link");
    if (!node.data.trim() || hidden) continue;
    let ground = null, at = element, painted = false;
    for (; at && !ground; at = at.parentElement) {
      const style = getComputedStyle(at), colour = parse(style.backgroundColor);
      if (style.backgroundImage !== "none") { painted = true; break; }
      if (colour.length === 3 || colour[3] === 1) ground = colour;
      else if (colour[3] > 0) { painted = true; break; }
    }
    if (painted || !ground) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) weak.push(`${node.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return weak;
}"""
# In the midst of a transition a colour is neither of the two.
_TRANSITIONS_DONE = """async () => {
  await new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go)));
  await Promise.allSettled(document.getAnimations().filter(it => it instanceof CSSTransition).map(it => it.finished));
}"""
_WITHOUT_ALT = "() => [...document.images].filter(it => !it.hasAttribute('alt')).map(it => it.src)"
_FOCUS = """() => {
  const it = document.activeElement, style = getComputedStyle(it), after = getComputedStyle(it, "::after");
  return [style, after].some(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) ? "" : it.outerHTML.slice(0, 120);
}"""


@pytest.mark.e2e
def test_public_pages_fit_a_phone_can_be_read_and_are_reached_by_keyboard(
    live_market: LiveMarket, sit_down: Callable[..., Person]
) -> None:
    listing, demand = live_market.ask(lambda: (a_listing(live_market.cast, NOW), a_demand(live_market.cast, NOW)))
    live_market.work()
    pages = (*PAGES, f"/catalogue/{listing.number}/", f"/demands/{demand.number}/")
    faults: dict[str, object] = {}
    for language in ("zh", "en"):
        visitor = sit_down("visitor", width=360, language=language)
        for path in pages:
            visitor.open(path)
            for scheme in ("light", "dark"):
                visitor.page.emulate_media(color_scheme=scheme)
                visitor.page.evaluate(_TRANSITIONS_DONE)
                faults[f"{language} {path} contrast {scheme}"] = visitor.page.evaluate(_CONTRAST)
            faults[f"{language} {path} alt"] = visitor.page.evaluate(_WITHOUT_ALT)
            for _ in range(4):
                visitor.page.keyboard.press("Tab")
                faults.setdefault(f"{language} {path} focus {visitor.page.evaluate(_FOCUS)}", visitor.page.evaluate(_FOCUS))
    assert {where: fault for where, fault in faults.items() if fault} == {}
    assert [trouble for person in live_market.people for trouble in person.troubles] == []


@pytest.mark.e2e
def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    visitor = sit_down("visitor", width=360)
    visitor.open("/")
    toggle = visitor.page.locator("[data-menu-toggle]")
    entry = visitor.page.locator(".main-nav a").first
    assert not entry.is_visible()
    toggle.focus()
    visitor.page.keyboard.press("Enter")
    assert entry.is_visible()
    assert toggle.get_attribute("aria-expanded") == "true"
    visitor.page.keyboard.press("Enter")
    assert not entry.is_visible()
    assert visitor.troubles == []


@pytest.mark.e2e
def test_a_page_that_turns_by_itself_holds_nobody_back(live_market: LiveMarket, sit_down: Callable[..., Person]) -> None:
    visitor = sit_down("visitor")
    visitor.open("/")
    visitor.page.evaluate("() => { window.isOld = true; window.dispatchEvent(new Event('beforeunload')); turnPage(); }")
    visitor.page.wait_for_timeout(500)
    assert visitor.page.evaluate("window.isOld")
    visitor.open("/")
    with visitor.page.expect_navigation():
        visitor.page.evaluate("() => { window.isOld = true; turnPage(); }")
    assert not visitor.page.evaluate("window.isOld")
    assert visitor.troubles == []
