"""Whom the auditor trusts, for what and when: anchors, roots, identities, paths, revocation.

What holds here:

* an anchor serves the roles that the auditor gave it, and no other;
* a path is built from certificates at hand and ends at such an anchor (RFC 5280 section 6);
* what revokes only ever takes trust away, and is itself judged where somebody signed it.
"""
