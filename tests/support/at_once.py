"""Real processes that work at the same moment on one database, forked from this one: none has to start anew."""

import multiprocessing

from tests.support.other_database import asking


def at_once(database, works):
    """Let each of `works` run in a process of its own on a database; give what they returned, in their order."""
    context = multiprocessing.get_context("fork")
    start, said = context.Barrier(len(works)), context.SimpleQueue()
    processes = [context.Process(target=_run, args=(database, *one, start, said)) for one in enumerate(works)]
    for process in processes:
        process.start()
    found = dict(said.get() for _ in processes)
    for process in processes:
        process.join(30)
    return [found[number] for number in range(len(works))]


def _run(database, number, work, start, said):
    result = None
    try:
        with asking(database):
            start.wait(30)
            result = work()
    finally:
        said.put((number, result))
