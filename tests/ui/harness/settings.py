"""A project of its own, so that the screens' tests need no database, queue or other app."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

SECRET_KEY = "harness"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.ui.harness.urls"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.staticfiles", "csp", "django_htmx", "template_partials", "stores.handheld"]
MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "stores.handheld.middleware.PermissionsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tests.ui.harness.views.signed_in",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates", Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "stores.handheld.context.handheld",
            ],
        },
    },
]
CSRF_COOKIE_HTTPONLY = True
SESSION_IDLE_SECONDS = 900
LIVE_URL = os.environ["HARNESS_LIVE_URL"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'", LIVE_URL],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
    },
}
STATIC_URL = "static/"
STATIC_ROOT = os.environ["HARNESS_STATIC_ROOT"]
STATICFILES_DIRS = [ROOT / "static"]
# The same storage as in production: hashed names must not break the module imports.
STORAGES = {"staticfiles": {"BACKEND": "stores.handheld.storage.ModuleManifestStorage"}}
