"""What can be done, in the words of people who give rights and of people who look up who did what."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

ACTIONS: dict[str, tuple[Promise, Promise]] = {
    "view": (_("View"), _("Read drafts, revisions and media in the admin.")),
    "create": (_("Create"), _("Add new documents as drafts.")),
    "edit": (_("Edit"), _("Change drafts; readers see nothing of it until it is published.")),
    "move": (_("Move"), _("Move pages in the tree and change their order; addresses change with it.")),
    "delete": (_("Delete"), _("Put documents into the trash and restore them from there.")),
    "comment": (_("Comment"), _("Write comments on drafts and settle them.")),
    "review": (_("Review"), _("Approve drafts or send them back.")),
    "bypass_review": (_("Bypass review"), _("Publish without the approval that a workflow asks for.")),
    "publish": (_("Publish"), _("Publish, schedule and unpublish: change what readers see.")),
    "media": (_("Media"), _("Upload, change and delete images and files.")),
    "redirects": (_("Redirects"), _("Lead former addresses to new ones.")),
    "types": (_("Document types"), _("Change the kinds of documents and their fields.")),
    "releases": (_("Releases"), _("Bundle changes and publish them together.")),
    "webhooks": (_("Webhooks"), _("Tell other systems about changes.")),
    "tokens": (_("API tokens"), _("Give programs access to the API.")),
    "accounts": (
        _("People and rights"),
        _("Invite people, give roles, change sites and locales; never more than one’s own."),
    ),
    "audit": (_("Audit log"), _("See who did what, and export it.")),
    "flags": (_("Feature flags"), _("Switch features on and off.")),
    "kill": (
        _("Kill switch"),
        _("Switch features off at once, and let their rules decide again, no more."),
    ),
    "rollout": (_("Rollout"), _("Move a new release through the regions, and back.")),
}
"""Each action of a role: its label, and one line that explains it."""
DEEDS: dict[str, Promise] = {
    "cms.document.create": _("%(who)s created %(what)s"),
    "cms.document.save": _("%(who)s saved %(what)s"),
    "cms.document.move": _("%(who)s moved %(what)s"),
    "cms.document.trash": _("%(who)s put %(what)s into the trash"),
    "cms.document.untrash": _("%(who)s took %(what)s out of the trash"),
    "cms.document.delete": _("%(who)s deleted %(what)s for good"),
    "cms.document.publish": _("%(who)s published %(what)s"),
    "cms.document.unpublish": _("%(who)s unpublished %(what)s"),
    "cms.document.schedule": _("%(who)s scheduled %(what)s"),
    "cms.document.cancel_schedule": _("%(who)s cancelled the schedule of %(what)s"),
    "cms.asset.upload": _("%(who)s uploaded the file %(what)s"),
    "cms.asset.change": _("%(who)s changed the file %(what)s"),
    "cms.asset.replace": _("%(who)s replaced the file %(what)s"),
    "cms.asset.delete": _("%(who)s deleted the file %(what)s"),
    "cms.type.save": _("%(who)s changed the type %(what)s"),
    "cms.user.invite": _("%(who)s invited %(what)s"),
    "cms.user.invite_again": _("%(who)s sent %(what)s the invitation again"),
    "cms.user.change": _("%(who)s changed the account of %(what)s"),
    "cms.user.profile": _("%(who)s changed the settings of %(what)s"),
    "cms.user.password": _("%(who)s set the password of %(what)s"),
    "cms.user.activate": _("%(who)s switched %(what)s on"),
    "cms.user.deactivate": _("%(who)s switched %(what)s off"),
    "cms.grant.create": _("%(who)s gave a role: %(what)s"),
    "cms.grant.change": _("%(who)s changed a given role: %(what)s"),
    "cms.grant.revoke": _("%(who)s took a role back: %(what)s"),
    "cms.role.save": _("%(who)s saved the role %(what)s"),
    "cms.role.delete": _("%(who)s deleted the role %(what)s"),
    "cms.group.save": _("%(who)s saved the group %(what)s"),
    "cms.group.delete": _("%(who)s deleted the group %(what)s"),
    "cms.site.save": _("%(who)s saved the site %(what)s"),
    "cms.locale.save": _("%(who)s saved the locale %(what)s"),
}
"""Sentences of the audit log, by action."""
KINDS: dict[str, Promise] = {
    "asset": _("file"),
    "type": _("document type"),
    "user": _("person"),
    "grant": _("given role"),
    "role": _("role"),
    "group": _("group"),
    "site": _("site"),
    "locale": _("locale"),
}
"""What was changed, for the audit log; everything else is a document, named by the key of its type."""


def sentence(action: str, *, who: str, what: str) -> str:
    """Say what was done; an action without a sentence of its own is named as it is."""
    deed = DEEDS.get(action)
    return str(deed) % {"who": who, "what": what} if deed else f"{who}: {action} {what}"


def kind_of(object_type: str) -> str:
    """Say what kind of thing was changed; a type that a site begins with has a translation."""
    if object_type in KINDS:
        return str(KINDS[object_type])
    return pgettext("document type", object_type.replace("_", " ").capitalize())
