"""What a data manager reads: findings as an offline dashboard, down to the raw record and the subject's profile."""

from sdtm2adam.validate.desk.about import About, Cut
from sdtm2adam.validate.desk.dashboard import render_dashboard

__all__ = ["About", "Cut", "render_dashboard"]
