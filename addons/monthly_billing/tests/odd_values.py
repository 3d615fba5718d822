"""A hundred values that no field means, as a person, a program or an import may write
them."""

NUMBERS = (
    *(0.0, -0.0, -1.0, -0.01, 1e-9, 5e-324, 0.1 + 0.2, 1 / 3, 24.0001, 99.999999),
    *(1e3, 1e4, 10_000.01, 1e5, 1e6, 1_000_000.01, 1e8, 1e9, 2.0**31, 2.0**53),
    *(1e12, 1e15, 1e16, 1e21, 1e22, 1e23, 1e25, 1e28, 1e30, 1e50),
    *(1e100, 1e308, 1.7976931348623157e308, float("inf"), float("nan")),
    *(-1e3, -1e12, -1e22, -1e308, float("-inf")),
)
TEXTS = (
    *("", " ", "/", "\n", "\r\n\t", "\u00a0", "\u200b\u200d\ufeff", "x" * 201),
    *("x" * 2_001, "x" * 20_000, "x" * 60_000, "ß" * 3_000, "🧡" * 1_000),
    *("a\nb\nc\n" * 500, "=1+1", "@SUM(1)", "%s %d %(x)s", "{contact} {0} {", "${7*7}"),
    *("<b>bold</b>", "<script>alert(1)</script>", "&amp; & &#0;", "]]>", "<!--"),
    *("\u202eabc", "\ufffe\uffff", "\x01\x1b[31m", "a\x00b", "Ω≈ç√∫ 漢字 עברית"),
    *(
        "'; DROP TABLE res_partner; --",
        "\\",
        "../../etc/passwd",
        "#SKONTO#",
        "NaN",
        "0x1F",
    ),
)
DAYS = (
    *("0001-01-01", "0026-10-01", "1900-02-28", "1970-01-01", "1999-12-31"),
    *("2025-02-28", "2026-09-30", "2026-10-01", "2026-10-31", "2026-11-01"),
    *("2026-11-30", "2027-01-01", "2028-02-29", "2038-01-19", "2100-02-28"),
    *("2999-12-31", "9998-12-31", "9999-01-01", "9999-12-31", False),
    *("2026-13-01", "2026-02-30", "x", "12/31/2026", "99999-01-01"),
)
#: text fields a batch of months reads are few: each has all of them
BY_KIND = {
    "float": NUMBERS,
    "monetary": NUMBERS,
    "integer": (*(int(n) for n in NUMBERS if abs(n) < 1e23), True, "x", None),
    "char": TEXTS,
    "text": TEXTS,
    "html": TEXTS,
    "date": DAYS,
}
COUNT = len(NUMBERS) + len(TEXTS) + len(DAYS)
