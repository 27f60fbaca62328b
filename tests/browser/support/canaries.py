"""Make texts that would run, or break out of where they stand, if a page did not escape them.

Each of these canaries calls `sing(NUMBER)`, which the browser's test defines; the number tells
which text ran.
"""

SHAPES = (
    "<script>sing({n})</script>",
    "<ScRiPt src=data:,sing({n})></ScRiPt>",
    "<img src=x onerror=sing({n})>",
    "<svg onload=sing({n})>",
    "<svg><script>sing({n})</script></svg>",
    "<iframe srcdoc='<script>parent.sing({n})</script>'></iframe>",
    "<iframe src=javascript:parent.sing({n})></iframe>",
    "<details open ontoggle=sing({n})>",
    "<input autofocus onfocus=sing({n})>",
    "<body onpageshow=sing({n})>",
    "<math><mtext><script>sing({n})</script></mtext></math>",
    "<object data=data:text/html,<script>parent.sing({n})</script>></object>",
    "<base href=//evil.example/><i>{n}</i>",
    "<meta http-equiv=refresh content=0;url=javascript:sing({n})>",
    "<style>@import'//evil.example/{n}'</style>",
    "javascript:sing({n})",
)
# What leads out of a text, an attribute with either quote, a field's text, and a comment.
BEFORE = ("", '">', "'>", "</textarea></title>", "--> {{ 7*7 }} ")
CANARIES = tuple(
    (before + shape).replace("{n}", str(number))
    for number, (before, shape) in enumerate(
        (before, shape) for before in BEFORE for shape in SHAPES
    )
)
# Elements that no page of ours has, and that every canary that came alive would leave.
STRANGE = (
    "iframe, object, embed, base, math, [onerror], [onload], [onfocus], [ontoggle], "
    "[onpageshow], [srcdoc], meta[http-equiv], style, script:not([src^='/static/']), "
    "[href^='javascript:' i], [src*='javascript:' i]"
)
