"""The geometries by the word a panel says in `geom:`."""

from sdtm2adam.tlf.plots.ecdf import DistributionFunction
from sdtm2adam.tlf.plots.geometry import Geometry
from sdtm2adam.tlf.plots.histogram import Histogram
from sdtm2adam.tlf.plots.paired import Paired
from sdtm2adam.tlf.plots.swimmer import Swimmer
from sdtm2adam.tlf.plots.waterfall import Waterfall

GEOMETRIES: dict[str, Geometry] = {
    "histogram": Histogram(),
    "ecdf": DistributionFunction(),
    "paired": Paired(),
    "swimmer": Swimmer(),
    "waterfall": Waterfall(),
}
