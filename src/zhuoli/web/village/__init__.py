"""One village, one auxiliary: the phone on which the ten duties are noted, the station's view, the monthly sheet."""
