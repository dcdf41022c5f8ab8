from workbench.evidence.file import EvidenceFile
from workbench.evidence.intake import Intake
from workbench.evidence.spool import Spool


class Unpacker:
    def __init__(self, intake: Intake, spool: Spool) -> None:
        self._intake = intake

    def take(self, file: EvidenceFile) -> None:
        self._intake.files.append(file)
