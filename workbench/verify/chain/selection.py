"""Some records of a file, in an order of their own: one of the chains that lie in it."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.evidence.file import EvidenceFile, read_range
from workbench.evidence.limits import MIB
from workbench.verify.chain.frame import Cut

PIECE = MIB


def _numbers() -> "array[int]":
    return array("Q")


@dataclass(slots=True)
class Rows:
    """Where the records of one chain lie, and which numbers they have in the file."""

    numbers: "array[int]" = field(default_factory=_numbers)
    offsets: "array[int]" = field(default_factory=_numbers)
    lengths: "array[int]" = field(default_factory=_numbers)

    @property
    def size(self) -> int:
        """Return how many bytes they have."""
        return sum(self.lengths)

    def add(self, number: int, offset: int, length: int) -> None:
        """Add a record."""
        self.numbers.append(number)
        self.offsets.append(offset)
        self.lengths.append(length)

    def number_of(self, record: int) -> int:
        """Return the number in the file of a record, counted from 1 in the chain."""
        last = len(self.numbers)
        return self.numbers[min(max(record, 1), last) - 1] if last else record

    def record(self, file: EvidenceFile, number: int, limit: int) -> tuple[int, bytes]:
        """Return offset and bytes of a record; none of one over the limit."""
        offset, length = self.offsets[number - 1], self.lengths[number - 1]
        return offset, b"" if length > limit else read_range(file, offset, length)

    def in_order(self, places: list[int]) -> "Rows":
        """Return the records in another order, by their places from 0."""
        return Rows(*(array("Q", (values[n] for n in places)) for values in self._columns()))

    def _columns(self) -> tuple["array[int]", ...]:
        return self.numbers, self.offsets, self.lengths

    def cuts(self, file: EvidenceFile, limit: int) -> Iterator[Cut]:
        """Yield the records, in pieces of bounded size; offsets are those within a piece."""
        data, places = bytearray(), list[tuple[int, int]]()
        with file.open() as stream:
            for offset, length in zip(self.offsets, self.lengths, strict=True):
                if data and (len(data) >= PIECE or length > limit):
                    yield Cut(0, bytes(data), tuple(places))
                    data, places = bytearray(), []
                if length > limit:
                    yield Cut(offset, b"", oversized=length)
                    continue
                stream.seek(offset)
                places.append((len(data), len(data) + length))
                data += stream.read(length)
        if data:
            yield Cut(0, bytes(data), tuple(places))
