"""The walk along the trail's seals: names each event and each seal that is not as it was sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clinic.privacy import sealing
from clinic.privacy.models import Seal
from clinic.privacy.sealing import SealedRow
from clinic.privacy.trail_heads import last_mailed

# So many seals are in memory at a time, each with the digests of its events.
AT_A_TIME = 5
# Below every key, and above: an event that was put in by hand may have any.
LOWEST = -(2**63)


@dataclass(slots=True)
class TrailWalk:
    """A walk along the whole trail. `head`: a seal that was mailed, which has to be among the seals; or empty.

    `seals`, `events`: how many were walked; `unsealed`: how many events wait for a seal.
    """

    head: str = ""
    seals: int = 0
    events: int = 0
    unsealed: int = 0

    def lines(self) -> Iterator[str]:
        """Yield a sentence for each thing that is not as it was sealed, in the trail's order, in constant memory."""
        last = Seal(pk=0, last=LOWEST - 1, seal=sealing.BEGINNING)
        # Asked first: while this walks, the next one may be sealed and mailed.
        has_head, mailed = not self.head, last_mailed()
        for seal in Seal.objects.order_by("pk").iterator(chunk_size=AT_A_TIME):
            has_head = has_head or seal.seal == self.head
            yield from _of_seal(seal, last)
            follows = seal.pk == last.pk + 1
            yield from self._of_events(seal, last.last + 1 if follows else seal.first)
            self.seals, last = self.seals + 1, seal
        self.unsealed = sealing.unsealed()
        if mailed > last.pk:
            yield _missing(last.pk + 1, mailed)
        if not has_head:
            yield "The seal from the mail is not here: the trail was cut off before it, or sealed anew."

    def _of_events(self, seal: Seal, first: int) -> Iterator[str]:
        """Yield what is amiss with the events that a seal covers, and with those beside them."""
        sealed = {row.key: row for row in sealing.rows_of(seal)}
        for row in sealing.events_between(first, seal.last).iterator():
            self.events += 1
            before = sealed.pop(row["pk"], None)
            if before is None:
                yield f"Event {row['pk']} was put in after its batch was sealed."
            elif before.digest not in (digests := sealing.digests_of_row(row)):
                yield _changed(row["pk"], digests, seal)
        yield from (f"Event {key} was removed." for key in sorted(sealed))


def _of_seal(seal: Seal, last: Seal) -> Iterator[str]:
    """Yield what is amiss with a seal itself, and between it and the one before it."""
    if seal.pk > last.pk + 1:
        yield _missing(last.pk + 1, seal.pk - 1)
    elif seal.previous != last.seal:
        yield f"Seal {seal.pk} does not follow the one before it."
    if not sealing.is_whole(seal):
        yield f"Seal {seal.pk} was changed, or made with another key."


def _missing(first: int, last: int) -> str:
    which = f"Seal {first} is" if first == last else f"Seals {first} to {last} are"
    return f"{which} missing, and what was sealed there is not known."


def _changed(key: int, digests: list[str], seal: Seal) -> str:
    others: list[SealedRow] = sealing.rows_of(seal)
    was: Any = next((one.key for one in others if one.digest in digests), None)
    return f"Event {key} was event {was}: it was moved." if was else f"Event {key} was changed."
