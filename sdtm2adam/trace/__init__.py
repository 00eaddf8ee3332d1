"""From a value back to the records that made it."""

from sdtm2adam.trace.story import Explanation, Fact, Step
from sdtm2adam.trace.text import as_text
from sdtm2adam.trace.why import explain

__all__ = ["Explanation", "Fact", "Step", "as_text", "explain"]
