"""The sentences of refusals of forms that come again."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "once.no_key": _("This form came without its key, so nothing was done. Open the page again, and send it once more."),
    "once.other_contents": _(
        "This form was sent before with other contents, and that was done. To send something new, open the page again."
    ),
}
