"""WHAT is measured: one suite a family, for asv and for pagewalk alike."""

from pagewalk.asv_door import open_door

open_door()
