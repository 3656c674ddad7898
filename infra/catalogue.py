"""What Carillon measures of itself: the one thing of the domain that `infra` knows.

The catalogue lies in the layer, which is not on the path of the CDK's app. It imports nothing else.
"""

import sys

from infra.layers import CARILLON

if str(CARILLON.parent) not in sys.path:
    sys.path.append(str(CARILLON.parent))

from carillon.models import measures

__all__ = ["measures"]
