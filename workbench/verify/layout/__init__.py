"""Judge in-toto layouts: who did each step, and whether one step's products are the next's input.

What holds here:

* the layout decides only as far as somebody trusted signed it;
* a link counts only by a key that the layout names for its step, each key once;
* nothing that the layout asks to be run is ever run: that part stays open, and the verdict says so.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("in-toto", "workbench.verify.layout.verifier")
