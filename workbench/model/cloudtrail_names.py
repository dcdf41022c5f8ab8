"""How CloudTrail calls what it delivers, and what every digest has."""

import re

#: ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_TIME[_backfill].json.gz
DIGEST_NAME = re.compile(
    r"(?P<account>\d{12})_CloudTrail-Digest_(?P<region>[a-z0-9-]+)_(?P<trail>.+)"
    r"_(?P<home>[a-z0-9-]+)_(?P<time>\d{8}T\d{6}Z)(?P<backfill>_backfill)?\.json(?:\.gz)?",
    re.ASCII,
)
#: ACCOUNT_CloudTrail_REGION_TIME_ID.json.gz; insights and aggregates have a word more.
LOG_NAME = re.compile(
    r"(?P<account>\d{12})_CloudTrail(?:-(?!Digest)[A-Za-z]+)?_(?P<region>[a-z0-9-]+)"
    r"_(?P<time>\d{8}T\d{4}Z)_\w+\.json(?:\.gz)?",
    re.ASCII,
)
#: What every digest has (as the AWS CLI wants it, ``required_digest_keys``).
REQUIRED = (
    "digestPublicKeyFingerprint",
    "digestS3Bucket",
    "digestS3Object",
    "digestStartTime",
    "digestEndTime",
)
#: Where the keys of every delivery begin, below a prefix of the trail's own.
TOP = "AWSLogs/"
