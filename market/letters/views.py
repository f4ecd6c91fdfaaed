"""What one was told, and the language of what one will be told."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from market.answers import acted, attempt, form_status
from market.letters.actions import choose_language
from market.letters.forms import LanguageForm
from market.letters.queries import language_of, letters_of
from market.requests import MarketRequest


@login_required
def letters(request: MarketRequest) -> HttpResponse:
    form = LanguageForm(request.POST or None, initial={"language": language_of(request.user)})  # type: ignore[arg-type]
    if form.is_valid():
        attempt(form, lambda: choose_language(form.cleaned_data["language"], actor=request.actor))
        if form.is_valid():
            return acted(request, _("From now on you are written to in this language."), "letters:letters")
    page = Paginator(letters_of(request.actor.person), 30).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "letters": page,
        "latest": page[0].pk if page else 0,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "letters/letter_list.html", context, status=form_status(form))
