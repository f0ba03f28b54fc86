"""`evaluate`, complete, against zen-engine on a decision table of the same rules."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import zen

from screening.engine.evaluate import evaluate
from screening.engine.request import Request
from screening.engine.rule_set import RuleSet
from tests.benchmarks import corpus
from tests.benchmarks.decision_rows import Row, found, prepared, rows_of
from tests.benchmarks.report import Line
from tests.benchmarks.timing import Work, ratios, rounds, spread

TRIALS, ROUNDS = 7, 60
LIMIT, AIM = 0.5, 0.35


@dataclass(frozen=True)
class Shape:
    """A way of writing the rows as decision content, and of reading what they find out of its result."""

    nodes: Callable[[list[Row]], list[tuple[str, dict[str, Any]]]]
    finds: Callable[[Any], Iterable[str]]


def measure(rule_set: RuleSet, tell: Callable[[str], None]) -> list[Line]:
    cases = corpus.read_all(rule_set, corpus.case_requests())
    day = corpus.read_all(rule_set, corpus.a_day(rule_set, len(cases)))
    whole = [*cases, *day]
    peers = {name: _Peer(rule_set, shape, whole) for name, shape in SHAPES.items()}
    for peer in peers.values():
        peer.check()
    tell(f"zen-engine: the same findings on all {len(whole)} requests, in {len(SHAPES)} shapes; none left out.")
    best, form = _fastest(peers, tell)
    table, fastest = peers["one table"], peers[best]
    tell("by its manual: one table, dict, a loader of ZenDecisionContent; by its README: the same, create_decision;")
    tell(f"at its very best: {best}, {form}, the static loader that no manual names.")
    judged = _line("by its manual, people as they come", rule_set, day, table, "dict", door="loader")
    return [
        replace(judged, limit=LIMIT, aim=AIM),
        _line("by its manual, the case files", rule_set, cases, table, "dict", door="loader"),
        _line("by its README, people as they come", rule_set, day, table, "dict", door="created"),
        _line("by its README, the case files", rule_set, cases, table, "dict", door="created"),
        _line("at its very best, people as they come", rule_set, day, fastest, form),
        _line("at its very best, the case files", rule_set, cases, fastest, form),
    ]


class _Peer:
    """zen-engine with one decision for each treatment and stage, compiled once, and its input made ready."""

    def __init__(self, rule_set: RuleSet, shape: Shape, requests: list[Request]) -> None:
        self.rule_set, self.shape = rule_set, shape
        tables = {key: rows_of(rule_set, *key) for key in rule_set.scopes}
        contents = {"/".join(key): _graph(shape.nodes(rows)) for key, rows in tables.items()}
        # The static loader is in no manual; it proved the fastest door.
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": contents}})
        self.created = {key: self.engine.create_decision(json.dumps(content)) for key, content in contents.items()}
        compiled = {key: zen.ZenDecisionContent(json.dumps(content)) for key, content in contents.items()}
        self.loading = zen.ZenEngine({"loader": compiled.__getitem__})
        columns = {key: {column for row in rows for column in row.cells} for key, rows in tables.items()}
        self.inputs: dict[int, tuple[str, dict[str, Any]]] = {}
        for request in requests:
            key = request.plan.treatment, request.plan.stage
            self.inputs[id(request)] = "/".join(key), prepared(rule_set, request, columns[key])
        self.requests = requests

    def check(self) -> None:
        for request in self.requests:
            theirs = found(self.shape.finds(self.engine.evaluate(*self.inputs[id(request)])["result"]))
            outcome = evaluate(self.rule_set, request.answers, request.plan, request.at)
            ours = {(finding.rule, finding.grade, finding.status) for finding in outcome.findings}
            assert ours == theirs, (request, ours ^ theirs)

    def work(self, requests: list[Request], form: str, *, door: str = "static") -> Work:
        write: Callable[[Any], Any] = {"dict": lambda values: values, "JSON text": json.dumps}[form]
        inputs = [(key, write(values)) for key, values in (self.inputs[id(request)] for request in requests)]
        decide = (self.loading if door == "loader" else self.engine).evaluate
        decisions = [(self.created[key].evaluate, values) for key, values in inputs]

        def run() -> None:
            for key, values in inputs:
                decide(key, values)

        def run_created() -> None:
            for evaluate_this, values in decisions:
                evaluate_this(values)

        return run_created if door == "created" else run


def _ours(rule_set: RuleSet, requests: list[Request]) -> Work:
    arguments = [(request.answers, request.plan, request.at) for request in requests]

    def run() -> None:
        for answers, plan, at in arguments:
            evaluate(rule_set, answers, plan, at)

    return run


def _fastest(peers: Mapping[str, _Peer], tell: Callable[[str], None]) -> tuple[str, str]:
    """The shape and form of input that zen-engine is fastest with: the one that wins most rounds."""
    works = {
        (name, form): peer.work(peer.requests, form) for name, peer in peers.items() for form in ("dict", "JSON text")
    }
    seconds = rounds(works, TRIALS)
    for (name, form), taken in seconds.items():
        tell(f"zen-engine, {name}, {form}: {spread(taken).middle / len(peers[name].requests) * 1e6:.1f} µs a request")
    wins = Counter(min(works, key=lambda work: seconds[work][trial]) for trial in range(TRIALS))
    return wins.most_common(1)[0][0]


def _line(
    name: str, rule_set: RuleSet, requests: list[Request], peer: _Peer, form: str, *, door: str = "static"
) -> Line:
    works = {"ours": _ours(rule_set, requests), "zen": peer.work(requests, form, door=door)}
    seconds = rounds(works, ROUNDS)
    ratio = ratios(seconds["ours"], seconds["zen"])
    each = {side: spread(taken).middle / len(requests) * 1e6 for side, taken in seconds.items()}
    return Line(
        what=f"evaluate / zen-engine, {name} ({len(requests)})",
        value=ratio.middle,
        unit="times its time",
        detail=f"quarters {ratio.low:.2f} to {ratio.high:.2f}; {each['ours']:.1f} µs against {each['zen']:.1f} µs",
    )


def _graph(nodes: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Decision content: the request, the nodes side by side, the answer."""
    ends = [("inputNode", None), ("outputNode", None)]
    return {
        "nodes": [
            {
                "id": f"n{number}",
                "name": f"n{number}",
                "type": kind,
                "position": {"x": 0, "y": 0},
                "content": content or {},
            }
            for number, (kind, content) in enumerate([*ends, *nodes])
        ],
        "edges": [
            {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}
            for number in range(len(ends), len(ends) + len(nodes))
            for source, target in (("n0", f"n{number}"), (f"n{number}", "n1"))
        ],
    }


def _table(
    inputs: list[dict[str, str]], cells: list[dict[str, str]], path: str | None = None
) -> tuple[str, dict[str, Any]]:
    content = {
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "finds", "name": "finds", "field": "finds"}],
        "rules": cells,
        "outputPath": path,
    }
    return "decisionTableNode", content


def _by_column(rows: list[Row], path: str | None = None) -> tuple[str, dict[str, Any]]:
    columns = sorted({column for row in rows for column in row.cells})
    cells = [
        {column: row.cells[column].in_column() if column in row.cells else "" for column in columns}
        | {"_id": str(number), "finds": json.dumps(row.finds)}
        for number, row in enumerate(rows)
    ]
    return _table([{"id": column, "name": column, "field": column} for column in columns], cells, path)


def _by_expression(rows: list[Row]) -> tuple[str, dict[str, Any]]:
    cells = [
        {"_id": str(number), "when": _when(row), "finds": json.dumps(row.finds)} for number, row in enumerate(rows)
    ]
    return _table([{"id": "when", "name": "when"}], cells)


def _one_expression(rows: list[Row]) -> tuple[str, dict[str, Any]]:
    value = ", ".join(f"({_when(row)}) ? [{json.dumps(row.finds)}] : []" for row in rows)
    return "expressionNode", {"expressions": [{"id": "all", "key": "all", "value": f"flatten([{value}])"}]}


def _halves(rows: list[Row]) -> list[tuple[str, dict[str, Any]]]:
    middle = len(rows) // 2
    return [_by_column(rows[:middle], "first"), _by_column(rows[middle:], "second")]


def _when(row: Row) -> str:
    return " and ".join(cell.with_column(column) for column, cell in row.cells.items())


def _of_rows(rows: list[dict[str, str]]) -> list[str]:
    return [row["finds"] for row in rows]


SHAPES = {
    "one table": Shape(lambda rows: [_by_column(rows)], _of_rows),
    "two tables": Shape(_halves, lambda result: _of_rows([row for rows in result.values() for row in rows])),
    "a condition a row": Shape(lambda rows: [_by_expression(rows)], _of_rows),
    "one expression": Shape(lambda rows: [_one_expression(rows)], lambda result: result["all"]),
}
