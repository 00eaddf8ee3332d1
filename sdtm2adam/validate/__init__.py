"""Checks of data: suites made from metadata and by hand, judged by great-expectations, reported as issues."""

from sdtm2adam.validate.as_yaml import suites_as_yaml
from sdtm2adam.validate.expectation import Expectation, Suite
from sdtm2adam.validate.raw import check_raw
from sdtm2adam.validate.report import read_issues, summarise_report, write_issues
from sdtm2adam.validate.results import check_results
from sdtm2adam.validate.run import LookedAt, Report, check_dataset, check_datasets
from sdtm2adam.validate.suite import cross_suite, suite_of
from sdtm2adam.validate.suites import read_suites

__all__ = [
    "Expectation",
    "LookedAt",
    "Report",
    "Suite",
    "check_dataset",
    "check_datasets",
    "check_raw",
    "check_results",
    "cross_suite",
    "read_issues",
    "read_suites",
    "suite_of",
    "suites_as_yaml",
    "summarise_report",
    "write_issues",
]
