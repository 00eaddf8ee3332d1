"""Disease response in leukemia by criteria sets: one implementation in SQL, behind `response` blocks and a function."""

from sdtm2adam.build.response.door import derive_response
from sdtm2adam.build.response.judged import Confirmation

__all__ = ["Confirmation", "derive_response"]
