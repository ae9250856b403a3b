"""What reading a damaged ELF file raises: pyelftools' errors, its parser's, and what nonsense leads to."""

import struct

from elftools.common.exceptions import ELFError
from elftools.construct import ConstructError

from pagewalk.files import MALFORMED

DAMAGED = (ELFError, ConstructError, struct.error, IndexError, *MALFORMED)
