"""Which sentences of the libraries does the market word itself? Named here, they stand in its own catalogue, which comes first."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

# Those of the sign-in pages whose own Chinese leaves English words, half-width marks or other terms than the market's.
WORDED_ANEW = (
    _("If you have not created an account yet, then please %(link)ssign up%(end_link)s first."),
    _("Already have an account? Then please %(link)ssign in%(end_link)s."),
    _("Remember Me"),
    _("Stay Signed In"),
    _("Sign Out"),
    _("Email"),
    _("Email address"),
    _("Email Addresses"),
    _("The following email addresses are associated with your account:"),
    _("Primary"),
    _("Make Primary"),
    _("Re-send Verification"),
    _("Add Email Address"),
    _("Add Email"),
    _("Do you really want to remove the selected email address?"),
    _("Verify Your Email Address"),
    _("Password (again)"),
    _("New Password (again)"),
    _("Code"),
    _("Incorrect code."),
    _("Incorrect password."),
    _("The email address and/or password you specified are not correct."),
    _("Are you sure you want to sign out?"),
    _("Invalid or expired key."),
    _("The password reset token was invalid."),
    _("Bad Token"),
    _("Enter your password:"),
    _("Your password is now changed."),
    _("Use authenticator app or code"),
    _("Enter an authenticator code:"),
    _("Authenticator code"),
    _("Use your password"),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)
