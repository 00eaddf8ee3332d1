"""The INO-VATE trial, simulated: a causal model of its course, and its raw exports as sites would send them.

Two layers. Truth (`simulate_trial`): what happened to each subject. Observation (`observe`): visits, forms and feeds up
to the data cut-off. No record is that of a person.
"""

from sdtm2adam.simulate.expected import expect
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.headline import headline
from sdtm2adam.simulate.mess import KINDS, Kind, choose_kinds, plant
from sdtm2adam.simulate.observation import observe
from sdtm2adam.simulate.transfer import changes, first_transfer
from sdtm2adam.simulate.truth import REFERENCE_SEED, STUDYID, Trial, simulate_trial
from sdtm2adam.simulate.write import export_trial, write_log, write_messy, write_raw, write_truth

__all__ = [
    "FORMS",
    "KINDS",
    "REFERENCE_SEED",
    "STUDYID",
    "Kind",
    "Trial",
    "changes",
    "choose_kinds",
    "expect",
    "export_trial",
    "first_transfer",
    "headline",
    "observe",
    "plant",
    "simulate_trial",
    "write_log",
    "write_messy",
    "write_raw",
    "write_truth",
]
