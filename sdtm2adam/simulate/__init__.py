"""The INO-VATE trial, simulated: a causal model of its course, and its raw exports as sites would send them.

Two layers. Truth (`simulate_trial`): what happened to each subject. Observation (`observe`): visits, forms and feeds up
to the data cut-off. No record is that of a person.
"""

from sdtm2adam.simulate.expected import expect
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.headline import headline
from sdtm2adam.simulate.observation import observe
from sdtm2adam.simulate.truth import REFERENCE_SEED, STUDYID, Trial, simulate_trial
from sdtm2adam.simulate.write import export_trial, write_raw, write_truth

__all__ = [
    "FORMS",
    "REFERENCE_SEED",
    "STUDYID",
    "Trial",
    "expect",
    "export_trial",
    "headline",
    "observe",
    "simulate_trial",
    "write_raw",
    "write_truth",
]
