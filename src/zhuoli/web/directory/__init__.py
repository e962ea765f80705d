"""The directory: places, lawyers, notaries and mediators, when they are open, and which times are free."""
