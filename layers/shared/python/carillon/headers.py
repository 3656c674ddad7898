"""What an answer tells a browser: keep to https, believe the content type, frame nothing.

Every function that a browser can reach sends these. Nothing is imported here, so that the smallest
of them starts fast.
"""

from collections.abc import Mapping, Sequence

EVERY_ANSWER: Mapping[str, str] = {
    # Two years, as the preload lists ask for. Names below ours are not ours to decide about.
    # https://datatracker.ietf.org/doc/html/rfc6797#section-6.1
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that know no `frame-ancestors`
    "Referrer-Policy": "no-referrer",  # paths and queries hold ids and may hold a phone
    "Cross-Origin-Resource-Policy": "same-origin",
    # https://html.spec.whatwg.org/multipage/browsers.html#origin-keyed-agent-clusters
    "Origin-Agent-Cluster": "?1",
}

DATA_POLICY = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""For all but pages, in case a browser is made to show it: nothing is loaded, nothing is run."""


def page_policy(
    *, scripts: Sequence[str] = (), connections: Sequence[str] = (), more: Sequence[str] = ()
) -> str:
    """The content policy of a page: nothing from another origin and nothing inline.

    Args:
        scripts: further sources of scripts, such as the hash of one that stands in the page.
        connections: further origins that its scripts may talk to.
        more: further directives.

    https://www.w3.org/TR/CSP3/
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *scripts)),
            "style-src 'self'",
            "img-src 'self' data:",  # style sheets of others carry their icons
            " ".join(("connect-src 'self'", *connections)),
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            *more,
        )
    )
