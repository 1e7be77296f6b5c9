"""Makes the package beside this folder importable, so that the scripts run without being installed."""

import os
import sys

if sys.version_info < (3, 9):
    sys.exit("This needs Python 3.9 or later; this is %d.%d." % sys.version_info[:2])

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

try:
    import bellhop  # noqa: F401
except ModuleNotFoundError as error:
    sys.exit(str(error))
