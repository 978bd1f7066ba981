"""An organization that is there already, as a program that declares it and a state that fits."""

from .arrange import Arrangement, arrange
from .choose import Filters, choose
from .found import Found, find
from .program import files
from .state import import_file

__all__ = ["Arrangement", "Filters", "Found", "arrange", "choose", "files", "find", "import_file"]
