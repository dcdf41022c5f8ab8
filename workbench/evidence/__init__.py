"""OPEN bytes: drops, members, byte ranges, limits, hash while reading.

The only package that opens evidence. What holds here, whatever lies in the drop:

* evidence is opened read-only, below the drop's own folder handle, without following links;
* every size, count, depth and ratio has a limit with a name (``limits.Limits``);
* nothing is extracted except into a private folder that is gone at exit;
* what is read is hashed in the same pass, and a file that changes under us is noticed.
"""
