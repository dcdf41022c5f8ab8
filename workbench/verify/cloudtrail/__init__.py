"""CloudTrail log file integrity, from files alone (AWS CloudTrail user guide).

``reading`` reads digests and finds files by their keys; ``signatures`` says who signed each digest;
``chain`` follows them; ``logs`` holds log files against them; ``verdict`` puts it together.
"""

from workbench.verify.verifier import Later

VERIFIER = Later("cloudtrail", "workbench.verify.cloudtrail.verifier")
