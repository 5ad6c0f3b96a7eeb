from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cms.accounts"
    label = "cms_accounts"
    verbose_name = "People and rights"
