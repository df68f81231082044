"""Hashed names for ES modules too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `from "./queue.js"` to the hashed name, in our own modules only.

    Django's own switch for this (support_js_module_import_aggregation) reads every .js file it collects with
    one wide pattern; minified third-party bundles are not made for that.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r'(?P<matched>from "(?P<url>\.{1,2}/[^"]+)")', 'from "%(url)s"'),)),
    )
