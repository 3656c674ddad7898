"""PartiQL statements are parsed once for each text, not twice for each execution.

A batch of 25 executes one text with 25 lists of parameters. MiniStack parses it 50 times, once to
look at each and once to run it, which is half of what a delivery costs it. A text's form does not
depend on the parameters, so it is parsed with holes in their places, and these are filled.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

Parsed = dict[str, Any]
Parse = Callable[[str, list[Any]], Parsed]
Fill = Callable[[list[Any]], Any]

FORMS_MAX = 256
"""Texts remembered; Carillon has a few for each table."""


class _Hole(dict[str, str]):
    """Stands where a parameter will be; to MiniStack's parser it looks like one."""

    def __init__(self, number: int) -> None:
        super().__init__(S="hole")
        self.number = number


def install(dynamodb: Any) -> None:
    """Quicken the parsing of statements; the parser stays MiniStack's."""
    dynamodb.parse_partiql_statement = by_form(dynamodb.parse_partiql_statement)
    dynamodb._parse_partiql = for_two_looks(dynamodb._parse_partiql)


def by_form(parse: Parse) -> Parse:
    """The parser, remembering the forms of the texts that it has seen.

    Except where there are parentheses: the arguments of a function are judged while it is parsed.
    """

    @functools.lru_cache(FORMS_MAX)
    def filler(text: str) -> Fill:
        return _filler(parse(text, [_Hole(number) for number in range(text.count("?"))]))

    @functools.wraps(parse)
    def quick(text: str, parameters: list[Any]) -> Parsed:
        if "(" in text or len(parameters or ()) != text.count("?"):
            return parse(text, parameters)
        filled: Parsed = filler(text)(parameters)
        return filled

    return quick


def for_two_looks(parse: Parse) -> Parse:
    """The parser, for a batch: it looks at a statement, and the next thing is to run that."""
    looked_at: list[tuple[str, list[Any], Parsed]] = []

    @functools.wraps(parse)
    def quick(text: str, parameters: list[Any]) -> Parsed:
        if looked_at:
            seen_text, seen_parameters, parsed = looked_at.pop()
            if seen_parameters is parameters and seen_text == text:
                return parsed
        parsed = parse(text, parameters)
        looked_at.append((text, parameters, parsed))
        return parsed

    return quick


def _filler(form: Any) -> Fill:
    """What makes a copy of the form in which each hole is the parameter of its number.

    Copies share what nobody can change. The copying is written out as one Python expression, which
    takes a third of the time of a walk through the form, or less.
    """
    shared: dict[str, Any] = {}
    fill: Fill = eval(f"lambda parameters: {_expression(form, shared)}", shared)  # noqa: S307
    return fill


def _expression(form: Any, shared: dict[str, Any]) -> str:
    """Python for a copy of the form; what is shared is noted under the name that stands for it."""
    kind = type(form)
    if kind is _Hole:
        return f"parameters[{form.number}]"
    if kind is dict:
        pairs = [f"{name!r}: {_expression(each, shared)}" for name, each in form.items()]
        return f"{{{', '.join(pairs)}}}"
    if kind is list:
        return f"[{', '.join(_expression(each, shared) for each in form)}]"
    if kind is tuple and not _is_constant(form):
        return f"({''.join(f'{_expression(each, shared)}, ' for each in form)})"
    name = f"shared_{len(shared)}"
    shared[name] = form
    return name


def _is_constant(form: Any) -> bool:
    """Whether it is immutable all through, as only tuples of texts and numbers are."""
    if type(form) is tuple:
        return all(map(_is_constant, form))
    return form is None or isinstance(form, str | int | float)
