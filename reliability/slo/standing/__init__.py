"""What must a person act on beside burning budgets? The alerts of instances, databases, events and flags. Pure."""

from reliability.slo.alert import Alert
from reliability.slo.objectives import Catalogue
from reliability.slo.standing import background, flags, instances, routing
from reliability.slo.windows import Scale


def alerts(catalogue: Catalogue, scale: Scale) -> list[Alert]:
    """Give them all."""
    return [
        *instances.alerts(catalogue.service, scale),
        *routing.alerts(scale),
        *background.alerts(),
        *flags.alerts(),
    ]
