"""What the portal adds to the editors' interface."""

from wagtail import hooks

from market.portal.choosers import ListingChooserViewSet, listing_chooser


@hooks.register("register_admin_viewset")
def register_listing_chooser() -> ListingChooserViewSet:
    return listing_chooser
