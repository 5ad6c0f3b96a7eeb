"""The admin's screens of people, rights, sites and the record of what was done."""

from django.contrib import admin

from cms.accounts.admin.audit import AuditAdmin
from cms.accounts.admin.groups import GroupAdmin
from cms.accounts.admin.people import PersonAdmin
from cms.accounts.admin.roles import RoleAdmin
from cms.accounts.admin.sites import LocaleAdmin, SiteAdmin
from cms.accounts.forms.signin import SignInForm

admin.site.login_form = SignInForm

__all__ = ["AuditAdmin", "GroupAdmin", "LocaleAdmin", "PersonAdmin", "RoleAdmin", "SiteAdmin"]
