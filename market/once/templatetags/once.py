"""What makes each form on a page a form of its own?"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from market.keys import random_key
from market.once.views import CLIENT_KEY

register = template.Library()


@register.simple_tag
def client_key() -> SafeString:
    """The form's own key, which stands in the page before the form is sent and goes with it however often that is.

    Kept in the page and not in a script, so that the browser sends it again when it sends the form again.
    """
    return format_html('<input type="hidden" name="{}" value="{}">', CLIENT_KEY, random_key(24))
