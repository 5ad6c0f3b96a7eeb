"""The composition root: every capability is wired here, by dotted name, and nowhere else."""

from datetime import timedelta
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from cms.config import databases, env
from reliability.telemetry import process

ENVIRONMENT = env.read()
process.share(ENVIRONMENT.metrics_dir)
PRODUCTION = ENVIRONMENT.is_production
ROOT = env.ROOT
DATA_DIR = ENVIRONMENT.data_dir
for folder in (DATA_DIR, DATA_DIR / "media", DATA_DIR / "static"):
    folder.mkdir(parents=True, exist_ok=True)

# --- core -----------------------------------------------------------------------------------------------------------
DEBUG = not PRODUCTION
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = ENVIRONMENT.secret_key_fallbacks
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
ROOT_URLCONF = "cms.config.urls"
WSGI_APPLICATION = "cms.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "cms.config",
    "cms.editor",
    "cms.site",
    "cms.publishing",
    "cms.content",
    "cms.delivery",
    "cms.media",
    "cms.accounts",
    "reliability.telemetry",
    "reliability.health",
    "reliability.outbox",
    "reliability.flags",
    "reliability.routing",
    "reliability.slo",
    # It starts servers and knows a password: for development only, where its command is needed.
    *([] if PRODUCTION else ["reliability.lab"]),
    "cms.editor.adminapp.EditorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_linear_migrations",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "reliability.telemetry.gate.TelemetryMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cms.config.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reliability.limits.middleware.RateLimitMiddleware",
    "reliability.routing.middleware.RoutingMiddleware",
    "cms.accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cms.accounts.middleware.CsrfMiddleware",
    "cms.accounts.middleware.AuthenticationMiddleware",
    "reliability.flags.middleware.FlagsMiddleware",
    "cms.accounts.middleware.PersonalSettingsMiddleware",
    "cms.accounts.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "reliability.routing.middleware.WriteGateMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reliability.routing.notice.degraded",
            ],
        },
    },
]

# --- data -----------------------------------------------------------------------------------------------------------
DATABASES, ROUTING = databases.build(ENVIRONMENT)
DATABASE_ROUTERS = ["reliability.routing.router.RoleRouter"]
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "reliability.telemetry.caches.CountedRedisCache",
            "LOCATION": ENVIRONMENT.redis_url,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if ENVIRONMENT.redis_url
        else {"BACKEND": "reliability.telemetry.caches.CountedLocMemCache"}
    ),
}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "media"), "base_url": "/media/"},
    },
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = str(DATA_DIR / "static")
WHITENOISE_USE_FINDERS = not PRODUCTION
UPLOAD_MAX_BYTES = ENVIRONMENT.upload_max_bytes
FILE_UPLOAD_HANDLERS = [
    "cms.media.quota.QuotaUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- language and time ----------------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [ROOT / "cms" / "locale", ROOT / "reliability" / "locale"]
FORMAT_MODULE_PATH = ["cms.config.formats"]

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "cms_accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "cms.accounts.backend.GrantBackend",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "cms.accounts.passwords.NotForbiddenValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(days=3).total_seconds())
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
"""Trying again while locked out does not put the end off, so that the page can say when it is."""
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "cms.accounts.requests.attempted_email"
AXES_CLIENT_IP_CALLABLE = "cms.accounts.requests.client_address"
AXES_LOCKOUT_CALLABLE = "cms.accounts.views.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
ROLE_PERMISSIONS = {
    "view": ["cms_content.view_*", "cms_media.view_*", "cms_publishing.view_*"],
    "create": ["cms_content.add_document"],
    "edit": ["cms_content.change_document"],
    "delete": ["cms_content.delete_document"],
    "media": ["cms_media.add_asset", "cms_media.change_asset", "cms_media.delete_asset"],
    "types": ["cms_content.*_documenttype"],
    "accounts": [
        "cms_accounts.*_user",
        "cms_accounts.*_role",
        "cms_accounts.*_grant",
        "cms_accounts.*_site",
        "cms_accounts.*_locale",
        "cms_accounts.*_sitelocale",
        "auth.*_group",
    ],
    "audit": ["cms_accounts.view_auditentry"],
    "flags": ["reliability_flags.*"],
    "kill": ["reliability_flags.view_flag", "reliability_flags.kill_flag"],
}
"""Which of Django's permissions an action of a role stands for."""
DEMO_PASSWORD = env.DEMO_PASSWORD
"""Password of everybody on the demo site, which is never loaded in production."""
FORBIDDEN_PASSWORDS = [env.DEMO_PASSWORD] if PRODUCTION else []
"""Passwords that the sign-in form refuses whoever uses them: the demo's, in production."""
GRANT_TREE_CHOICES = "cms.content.subtrees.choices"
"""Finds the pages that a grant can be limited to: (search, keys=, limit=) -> [(translation key, label)]."""

EMAIL_CONFIG = environ.Env.email_url_config(ENVIRONMENT.email_url)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
BASE_URL = ENVIRONMENT.base_url
"""Where links in e-mails lead; never taken from the Host header of a request, which the sender chooses."""

# --- browsers -------------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = ENVIRONMENT.tls
SECURE_REDIRECT_EXEMPT = [r"^(metrics|livez|readyz|startupz|regionz)$"]  # Asked inside the own network, by plain http.
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.tls
SECURE_HSTS_PRELOAD = ENVIRONMENT.tls
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
TRUST_PROXY = ENVIRONMENT.trust_proxy
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trust_proxy else None
SESSION_ENGINE = "reliability.routing.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.tls
SESSION_COOKIE_NAME = "__Host-session" if ENVIRONMENT.tls else "session"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # cms.accounts.middleware.CsrfMiddleware is Django's, for the admin, the only place with forms.
    "security.W019",  # The admin shows previews in a frame; frame-ancestors of the content security policy agrees.
]
CSRF_FAILURE_VIEW = "cms.editor.views.session.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# --- telemetry ------------------------------------------------------------------------------------------------------
OTLP_ENDPOINT = ENVIRONMENT.otlp_endpoint
TRACE_RATIO = ENVIRONMENT.trace_ratio
TRACE_CLIENTS = ENVIRONMENT.trace_clients
TELEMETRY_SERVICE = {
    "name": "cms",
    "version": ENVIRONMENT.release,
    "region": ENVIRONMENT.region,
    "colour": ENVIRONMENT.colour,
}
"""What traces and log lines say of this process."""
SLO_CLASSES = [
    ("/admin/", "manage"),
    ("/api/v1/manage/", "manage"),
    ("/static/", "none"),
    ("/metrics", "none"),
    ("/", "public"),
]
"""Which objective a request counts for: the first beginning of its path that fits."""
SLO_FILE = str(ROOT / "cms" / "config" / "slo.yaml")
"""What is promised to whom; the form of the file is explained in reliability/slo/README.md."""
SLO_OUTPUT = str(ROOT / "deploy")
"""Folder into which `manage.py slo generate` writes."""
SLO_METRICS = ["cms.publishing.consumers.measure_visible"]
"""What observes the histograms that objectives name, so that those are known wherever objectives are read."""
SLO_PROMETHEUS_URL = ENVIRONMENT.prometheus_url
SLO_REGION = ENVIRONMENT.region
SLO_PAGE_PANELS = ["reliability.routing.panel.regions"]
"""Callables that take a request and give a part of the page of error budgets, or None."""
PROMETHEUS_LATENCY_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Bounds of the time of queries, in seconds; those of the library begin at 10 ms."""
PROMETHEUS_EXPORT_MIGRATIONS = False
"""It would ask every database in every process at boot; the ops process counts migrations."""

# --- flags ----------------------------------------------------------------------------------------------------------
FLAGS: dict[str, Any] = {
    "CONSTANTS": {
        "region": ENVIRONMENT.region,
        "colour": ENVIRONMENT.colour,
        "release": ENVIRONMENT.release,
        "environment": ENVIRONMENT.mode,
    },
    "REGIONS": sorted({node["REGION"] for node in ROUTING.get("NODES", ())}),
    "COLOURS": ["blue", "green"],
    "REDIS_URL": ENVIRONMENT.redis_url,
    "STATE_DIR": str(ENVIRONMENT.flags_state_dir or DATA_DIR / "flags"),
    "KILL_WATCH": str(ENVIRONMENT.flags_kill_watch or ""),
    "KILL": ENVIRONMENT.flags_kill,
    "BOOTSTRAP": str(ENVIRONMENT.flags_bootstrap or ""),
    "OFREP": ENVIRONMENT.flags_ofrep,
    "RECORD_EVENT": "reliability.outbox.actions.record",
    "CONTEXT_PROVIDERS": {"site": "cms.accounts.requests.site_key"},
}
"""Feature flags; each member is explained in reliability/flags/README.md."""
STARTER_FLAGS = ROOT / "cms" / "config" / "flags.json"
"""The product's own flags, made where they are missing when the demo is loaded and when `make run` starts."""

# --- tasks ----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = ENVIRONMENT.redis_url or "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = ENVIRONMENT.task_always_eager
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 2, "socket_timeout": 10} if ENVIRONMENT.redis_url else {"polling_interval": 0.1}
)
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5}
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "settle schedules": {"task": "cms.publishing.tasks.settle_schedules", "schedule": 10.0},
    "forget what is old": {"task": "cms.publishing.tasks.forget_old", "schedule": 3600.0},
    "encode what was left": {"task": "cms.media.tasks.encode_waiting", "schedule": 60.0},
    "forget files": {"task": "cms.media.tasks.forget_files", "schedule": 3600.0},
}
RESERVED_SLUGS = [
    *("admin", "api", "media", "metrics", "ofrep", "preview", "problems", "static"),
    *("livez", "readyz", "regionz", "startupz"),
]
"""Addresses of the system, which no page directly below a home page may take."""
REVISION_DAYS = ENVIRONMENT.revision_days
TRASH_DAYS = ENVIRONMENT.trash_days

# --- API ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Upgrade CMS content API",
    "DESCRIPTION": (
        "What is published, for programs. Every answer has a strong ETag; every error is a problem (RFC 9457)."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "POSTPROCESSING_HOOKS": ["cms.delivery.openapi.add_components"],
    "DISABLE_ERRORS_AND_WARNINGS": False,
}

# --- health and limits ----------------------------------------------------------------------------------------------
HEALTH_STATE_DIR = str(ENVIRONMENT.state_dir)
HEALTH_TOKEN = ENVIRONMENT.health_token
HEALTH_IDENTITY = {
    "serviceId": "cms",
    "region": ENVIRONMENT.region,
    "colour": ENVIRONMENT.colour,
    "releaseId": ENVIRONMENT.release,
}
HEALTH_PROBES = [
    *(
        ["reliability.routing.probe.reads", "reliability.routing.probe.writes"]
        if "replica" in DATABASES
        else ["reliability.health.watched.database.database"]
    ),
    "reliability.health.watched.queue.broker",
    "reliability.health.watched.folders.folders",
    "reliability.outbox.probe.outbox",
    "reliability.flags.probe.flags_probe",
]
"""What is watched; each entry has the members of `reliability.telemetry.probe.Probe`."""
HEALTH_STARTUP = ["cms.config.startup.listen"]
"""Called once, in the background, when a process begins to serve or to work; it is not started before they return."""
METRICS_ON_SITE = not PRODUCTION
"""Whether the port of the site has /metrics too: in production only the ops port does."""
OPS_PORT, OPS_BIND = ENVIRONMENT.ops_port, ENVIRONMENT.ops_bind
OPS_JOBS = ["reliability.slo.recorder.record"]
"""Callables that the ops process runs each minute, or as often as their attribute `interval_seconds` says."""
OPS_COLLECTORS = ["reliability.health.schema.count_migrations", "reliability.telemetry.celery.collect_queues"]
"""The same for what sets metrics, each 15 s."""
REQUEST_SLOTS, REQUEST_SECONDS = ENVIRONMENT.request_slots, ENVIRONMENT.request_seconds
RATE_LIMITS_REDIS_URL = ENVIRONMENT.redis_url
RATE_LIMITS: list[dict[str, Any]] = [
    {
        "NAME": "api",
        "PATHS": ["/api/"],
        "QUOTA": ENVIRONMENT.rate_api,
        "ANSWER": "cms.delivery.problems.rate_limited",
    },
    {
        "NAME": "ofrep",
        "PATHS": ["/ofrep/"],
        "METHODS": ["POST"],
        "QUOTA": ENVIRONMENT.rate_ofrep,
        "ANSWER": "reliability.flags.views.rate_limited",
    },
    {
        "NAME": "sign-in",
        "PATHS": ["/admin/login/", "/admin/password_reset/"],
        "METHODS": ["POST"],
        "QUOTA": ENVIRONMENT.rate_sign_in,
        "ANSWER": "cms.accounts.views.rate_limited",
    },
]
"""How often a client may ask what; explained in reliability/limits/README.md."""

# --- wiring by dotted name ------------------------------------------------------------------------------------------
OUTBOX_CONSUMERS = [
    "reliability.flags.consumers.ring_doorbell",
    "cms.accounts.consumers.refresh_sites",
    "cms.content.consumers.refresh_types",
    "cms.delivery.consumers.refresh_types",
    "cms.publishing.consumers.measure_visible",  # last: by now the others have done their part
]
DASHBOARD_PANELS = [
    "cms.editor.views.dashboard.lost_writes",
    "cms.editor.views.dashboard.my_recent",
    "cms.editor.views.dashboard.unpublished_changes",
    "cms.editor.views.dashboard.scheduled",
]
"""Callables that take a request and give a panel of the dashboard, or None."""
LAB_SEED_COMMANDS = [["demo", "load"]]
"""Management commands that fill the database of the lab."""
LAB_CELERY_APP = "cms.config.celery"
LAB_SERVER_CONFIG = "docker/gunicorn.conf.py"
LAB_SIGN_IN = f"ada@demo.example / {env.DEMO_PASSWORD}"
"""What the lab tells people who want to sign in."""
MEDIA_USAGE = "cms.publishing.usage.media_usage"
"""Callable that lists where an asset is used: `media` may not know who uses it."""

# --- logs -----------------------------------------------------------------------------------------------------------
LOG_FORMAT = ENVIRONMENT.log_format
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "context": {
            "()": "reliability.telemetry.logs.ContextFilter",
            "region": ENVIRONMENT.region,
            "colour": ENVIRONMENT.colour,
            "release": ENVIRONMENT.release,
        }
    },
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "reliability.telemetry.logs.JsonLines"},
    },
    "handlers": {
        "lines": {"()": "reliability.telemetry.logs.Lines", "formatter": LOG_FORMAT, "filters": ["context"]},
    },
    "root": {"handlers": ["lines"], "level": "INFO"},
    "loggers": {
        # One line for each request; people who develop see what goes wrong, and nothing else.
        "access": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "axes": {"level": "WARNING"},
        # Django writes to standard error by itself; what it says comes here like everything else.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        # Anybody can send a wrong Host; the access line tells of it.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "httpx": {"level": "WARNING"},  # Its lines have whole addresses, with what is secret in them.
        # A collector that is away is told of once, by us, and lost spans are counted.
        "opentelemetry": {"level": "CRITICAL"},
    },
}
