"""Time-stamp tokens (RFC 3161, RFC 5816): read, judged, and what they prove about a time.

``token`` reads, ``judge`` says what a token is worth, ``stamps`` what those beside a subject are.
"""
