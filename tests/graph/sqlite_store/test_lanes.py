"""What a process saw of a file, it keeps: an older copy of it is refused by the newest mark of all."""

import threading
from pathlib import Path

from graph.sqlite_store.lanes import Lanes

STORE = b"this very store"
OVERTAKEN_SECONDS = 0.2  # for a newer mark to be noted meanwhile, if nothing keeps it from that


def test_a_mark_that_is_noted_late_does_not_take_the_place_of_a_newer_one(path: Path) -> None:
    lanes, overtaking = Lanes(path), list[threading.Thread]()

    class Late(tuple[bytes, int]):
        """A mark that is overtaken while it is compared."""

        __slots__ = ()

        def __getitem__(self, place: object) -> object:
            if not overtaking:
                overtaking.append(threading.Thread(target=lanes._note, args=((STORE, 2),)))
                overtaking[0].start()
                overtaking[0].join(OVERTAKEN_SECONDS)
            return (STORE, 1)[place]

    lanes._note(Late((STORE, 1)))
    overtaking[0].join()
    assert lanes._newest == (STORE, 2)
