"""Text as evidence may bring it, and how it must look on screen."""

HTML = "<b>bold</b><img src='http://example.org/x.png'>&amp;"
BIDI = "invoice\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe"
CONTROL = "a\x00b\x1b[31mc\td"
LONG = "x" * 20_000
SURROGATE = "lone \ud800 half"
TEXTS = {"html": HTML, "bidi": BIDI, "control": CONTROL, "long": LONG, "surrogate": SURROGATE}
