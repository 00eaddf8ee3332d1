"""What goes to an authority beside datasets and documents; so far the report in the CDISC Analysis Results Standard."""

from sdtm2adam.submit.ars import ReportParts, reporting_event

__all__ = ["ReportParts", "reporting_event"]
