"""From the raw data of a clinical trial to SDTM, ADaM and the tables, listings and figures of its report."""

from importlib.metadata import version

__version__ = version("sdtm2adam")
