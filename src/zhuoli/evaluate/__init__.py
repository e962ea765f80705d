"""Did it work? Series in time, judged with their uncertainty: plain arithmetic over numbers that are handed in.

``trial`` asks whether a series changed at a date, ``turns`` where it turned by itself, ``funnel`` which units differ from
the others by more than chance. Nothing here knows cases, indicators or files. Modules that need statsmodels take seconds to
import: import them where they are used.
"""
