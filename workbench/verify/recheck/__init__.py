"""A second opinion: a slow, plain program that judges again and shares no code with the first.

It is written from the standards and from the words of a profile alone, with the standard library
and ``cryptography``; it looks at nothing that ``verify.chain`` or ``verify.oms`` found (an import
contract). What both found is then compared. It tells whether the first program is right, not
whether the evidence is: both read the same bytes by the same recipe and trust the same keys.
"""
