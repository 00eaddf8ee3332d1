"""From the raw data of a clinical trial to SDTM, ADaM and the tables, listings and figures of its report."""

import os
from importlib.metadata import version

os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
"""Arrow reads it when it is first imported. Columns come and go: the other pools give pages back and fault them in
again, a fifth of the CPU of a build (benchmarks/results). Who has set it, or imported pyarrow before, keeps theirs."""

__version__ = version("sdtm2adam")
