"""Notes that thank customers for an occasion, in English and German."""

#: occasion, name, English, German
NOTES = (
    (
        "first_invoice",
        "Welcome",
        "Welcome, and thank you for the first month with us! {responsible} is glad to "
        "answer any question about this invoice.",
        "Willkommen, und danke für den ersten gemeinsamen Monat! {responsible} "
        "beantwortet gern jede Frage zu dieser Rechnung.",
    ),
    (
        "punctual_year",
        "A year on time",
        "For a year you have paid every invoice in time. Thank you, that is not a "
        "matter of course.",
        "Seit einem Jahr bezahlen Sie jede Rechnung pünktlich. Danke, das ist nicht "
        "selbstverständlich.",
    ),
    (
        "estimate_kept",
        "As estimated",
        "What you approved for {month} took no longer than estimated. Thank you for "
        "deciding so quickly.",
        "Was Sie für {month} freigegeben haben, hat nicht länger gedauert als "
        "geschätzt. Danke für Ihre schnellen Entscheidungen.",
    ),
)


def make_notes(env) -> None:
    """Make the notes; the first one whose occasion is there is printed."""
    for position, (occasion, name, english, german) in enumerate(NOTES, 1):
        note = env["billing.thank.you.note"].create(
            {
                "name": name,
                "occasion": occasion,
                "sequence": 10 * position,
                "note": english,
            }
        )
        note.with_context(lang="de_DE").note = german
