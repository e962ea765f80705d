"""Files that people bring: looked at by content, never by name; pictures are drawn anew, papers are examined.

    with Examiner() as examiner:
        taken = examiner.examine(data, PICTURES | PAPERS)   # raises Unfit

What is kept of a picture is the new drawing: the place where it was taken, the camera, comments and hidden
pictures are gone for good. A PDF is kept as it came, so that its signatures stay valid, or not at all.
"""

from zhuoli.channels.attachments.examiner import Examiner, Taken
from zhuoli.channels.attachments.kinds import PAPERS, PICTURES, Unfit, sniff

__all__ = ["PAPERS", "PICTURES", "Examiner", "Taken", "Unfit", "sniff"]
