"""Keys of every form: read, named by one fingerprint, measured by strength and life.

What holds here:

* a key is what its bytes are, however they are wrapped (SPKI, PEM, OpenSSH, OpenPGP, minisign,
  verifier keys of notes, in-toto), and has one fingerprint in all of them;
* a weak key, and one outside of its life, says so itself: no caller has to think of it;
* that a key can be read makes nobody trusted: that is said in ``verify.trust``.
"""
