"""What higher apps show under a broker's board, such as what may be worth a lead."""

from brokers.models import Broker
from market.panels import Panels

board_panels: Panels[Broker] = Panels()
