"""What verbs write into timelines and the audit trail is told in a sentence, in every app."""

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import tinglan
from tinglan.pages import sentences

PACKAGE = Path(tinglan.__file__).parent


@cache
def _nodes() -> Sequence[tuple[str, ast.AST]]:
    """App and node, of the whole program."""
    return tuple(_walk())


def _walk() -> Iterator[tuple[str, ast.AST]]:
    for path in PACKAGE.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path.relative_to(PACKAGE).parts[0], node


def _calls() -> Iterator[tuple[str, ast.Call]]:
    return ((app, node) for app, node in _nodes() if isinstance(node, ast.Call))


def _assigned(name: str) -> set[str]:
    """Texts that a variable of this name gets somewhere."""
    found: set[str] = set()
    for _app, node in _nodes():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            found |= _texts(node.value)
    return found


def _texts(node: ast.expr | None) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _texts(node.body) | _texts(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return set()


def _named(call: ast.Call) -> str:
    return ast.unparse(call.func).split(".")[-1]


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


def _kinds() -> set[str]:
    found: set[str] = set()
    for _app, call in _calls():
        if ast.unparse(call.func) == "timeline.add" and len(call.args) > 1:
            found |= _texts(call.args[1])
        if _named(call) == "tell":
            found |= _texts(_keyword(call, "kind"))
    return found


def _verbs() -> set[str]:
    found = {text for text in _assigned("verb") if "." in text}
    for app, call in _calls():
        if _named(call) == "record" and call.args:
            found |= {text for text in _texts(call.args[0]) if "." in text}
        if _named(call) == "tell" and len(call.args) > 1 and _keyword(call, "kind"):
            found |= {f"{app}.{verb}" for verb in _texts(call.args[1])}
    return found


def test_every_kind_of_a_timeline_has_a_sentence() -> None:
    assert len(_kinds()) > 20
    assert sorted(_kinds() - set(sentences.TIMELINE)) == []


def test_every_audited_verb_has_a_sentence() -> None:
    assert len(_verbs()) > 40
    assert sorted(_verbs() - set(sentences.AUDIT)) == []
