"""Signatures that lie beside a file: SSHSIG, minisign and signify, OpenPGP.

They protect any file, so they are no verifier of a format: ``verdict.with_signatures`` adds what
they are worth to the verdict on what they are over.
"""
