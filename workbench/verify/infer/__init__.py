"""Find the recipe of a log that no profile describes, and write it down as a profile.

``rows``: records and what tells them apart; ``roles``: which field plays which part; ``target``:
one record to reproduce; ``objects`` and ``texts``: the grammar; ``refine``: from one record to
all; ``search``: in which order; ``profile``: the recipe as a profile that the auditor can keep.
"""
