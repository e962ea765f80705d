"""A scenario as one workbook for people who keep their rules in Excel, and back.

``book_of`` makes the sheets of a folder, ``save`` writes them as ``.xlsx``; ``load`` reads a file, ``taken`` puts what was
changed into the folder's files and checks them. What a workbook does not carry stays as it is.
"""
