"""Outputs: one file per kind; `analyse` makes results, `lay_out` makes the display or, without results, its shell."""

from sdtm2adam.tlf.outputs import analyse, lay_out

__all__ = ["analyse", "lay_out"]
