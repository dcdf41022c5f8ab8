"""Hash-chained logs: frame records, recompute every digest, say what broke.

``chain_log.VERIFIER`` is the way in. The order of work: ``library`` knows the recipes, ``choose``
picks one, ``frame`` cuts records out of blocks, ``engine`` recomputes a digest, ``piece`` walks a
block of records, ``survey`` joins the blocks to stretches, ``diagnose`` says what broke and
``verdict`` what that means.
"""
