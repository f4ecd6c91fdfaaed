"""The sentences of refusals about uploaded files."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "documents.empty": _("The file is empty."),
    "documents.too_large": _("A file may have at most {largest} MB."),
    "documents.name_not_allowed": _("“{name}” is not a name for a file: please rename it and try again."),
    "documents.name_too_long": _("The name “{name}…” is too long: at most {longest} characters."),
    "documents.type_not_allowed": _("“{name}” is of a kind we cannot take: upload PDF, Word, Excel, text or a picture."),
    "documents.not_what_it_says": _("“{name}” is not what its name says: the content is of another kind."),
    "documents.encoding_unknown": _(
        "“{name}” is not text in UTF-8 or GB 18030; save it in one of these encodings and try again."
    ),
    "documents.damaged": _("“{name}” is damaged and cannot be read."),
    "documents.active_content": _("“{name}” contains scripts, macros or embedded files; save it without them and try again."),
    "documents.locked": _("“{name}” is protected by a password; save it without one and try again."),
    "documents.bomb": _("“{name}” unpacks to far more than its size."),
    "documents.image_too_large": _("The picture “{name}” has too many pixels."),
    "documents.threat_found": _("“{name}” was recognised as malware."),
    "documents.quota_used_up": _("You have uploaded {largest} MB, which is all that one person may; remove what is not needed."),
    "documents.not_yours": _("One of the files attached before is not yours; please attach it again."),
    "documents.too_many": _("At most {most} files."),
    "documents.waiting_for_scan": _("This file is still being checked for malware; try again in a few minutes."),
    "documents.quarantined": _("This file was found to be malware and is not handed out."),
}
