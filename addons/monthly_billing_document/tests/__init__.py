from . import (
    test_document_language,
    test_invoice_document,
    test_invoice_pdf,
    test_invoice_unpatched,
    test_posted_facts,
    test_readers,
    test_thank_you,
    test_thank_you_companies,
    test_timesheet_files,
    test_timesheet_report,
)
