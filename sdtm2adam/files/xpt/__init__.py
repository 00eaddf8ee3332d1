"""SAS transport files, version 5: the format regulators accept (SAS technical note TS-140)."""

from sdtm2adam.files.xpt.checks import variable_faults
from sdtm2adam.files.xpt.read import read_xpt, read_xpt_names, read_xpt_variables
from sdtm2adam.files.xpt.write import write_xpt

__all__ = ["read_xpt", "read_xpt_names", "read_xpt_variables", "variable_faults", "write_xpt"]
