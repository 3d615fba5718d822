from . import (
    mite_drift_remedy,
    mite_import,
    mite_import_column,
    mite_import_problem,
    mite_preview,
    mite_preview_line,
)
