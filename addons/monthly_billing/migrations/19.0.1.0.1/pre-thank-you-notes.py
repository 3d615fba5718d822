"""Every company has thank-you notes of its own: none is shared any more."""


def migrate(cr, version):
    """Give shared notes to the first company, and a copy of each to the others, whose
    invoices then name the copy. Branches go on with the notes of their company."""
    cr.execute("SELECT id FROM billing_thank_you_note WHERE company_id IS NULL")
    shared = [row[0] for row in cr.fetchall()]
    cr.execute(
        "SELECT id FROM res_company WHERE parent_id IS NULL ORDER BY NOT active, id"
    )
    first, *others = [row[0] for row in cr.fetchall()]
    for note in shared:
        for company in others:
            _copy(cr, note, company)
    cr.execute(
        "UPDATE billing_thank_you_note SET company_id = %s WHERE company_id IS NULL",
        (first,),
    )


def _copy(cr, note, company):
    """Make the note of ``company`` and let its invoices name it."""
    cr.execute(
        """
        INSERT INTO billing_thank_you_note
               (company_id, name, active, sequence, occasion, note,
                create_uid, create_date, write_uid, write_date)
        SELECT %s, name, active, sequence, occasion, note,
               create_uid, create_date, write_uid, write_date
          FROM billing_thank_you_note
         WHERE id = %s
        RETURNING id
        """,
        (company, note),
    )
    [copy] = cr.fetchone()
    cr.execute(
        """
        UPDATE account_move
           SET thank_you_note_id = %s
         WHERE thank_you_note_id = %s
           AND company_id IN (
               SELECT id FROM res_company WHERE split_part(parent_path, '/', 1) = %s
           )
        """,
        (copy, note, str(company)),
    )
