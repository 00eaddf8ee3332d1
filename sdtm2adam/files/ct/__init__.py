"""Packages of CDISC controlled terminology as NCI EVS publishes them: tab-delimited text and ODM-XML."""

from sdtm2adam.files.ct.package import OfficialPackage
from sdtm2adam.files.ct.read import read_package

__all__ = ["OfficialPackage", "read_package"]
