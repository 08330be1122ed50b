"""
A handler's result as JSON. Decimals are numbers, named tuples objects; from Python 3.12 on text stands as it is, before it was escaped.
https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html#python-handler-return
"""
import decimal
import json
import os

_ESCAPING = {"AWS_Lambda_python3.%d" % minor for minor in range(8, 12)}


class _Number(float):
    """A decimal whose digits are kept as they are."""

    def __new__(cls, value):
        self = float.__new__(cls, value)
        self._text = str(value)
        return self

    def __repr__(self):
        return self._text


def _prepared(value):
    """The value with what the encoder would write in another way replaced."""
    if isinstance(value, decimal.Decimal):
        return float("nan") if value.is_nan() else _Number(value)
    if isinstance(value, dict):
        return {key: _prepared(member) for key, member in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _prepared(value._asdict())
    if isinstance(value, (list, tuple)):
        return [_prepared(member) for member in value]
    return value


class _Encoder(json.JSONEncoder):
    def iterencode(self, value, _one_shot=False):
        # The encoder in C writes a float by float's own method; the one in Python can be told another.
        markers = {} if self.check_circular else None
        text = json.encoder.encode_basestring_ascii if self.ensure_ascii else json.encoder.encode_basestring

        def number(value):
            if value != value:
                return "NaN"
            if value in (float("inf"), float("-inf")):
                return "Infinity" if value > 0 else "-Infinity"
            return repr(value)

        return json.encoder._make_iterencode(
            markers, self.default, text, self.indent, number, self.key_separator, self.item_separator, self.sort_keys, self.skipkeys, _one_shot)(value, 0)


def to_json(value):
    ascii_only = os.environ.get("AWS_EXECUTION_ENV") in _ESCAPING
    try:
        return json.dumps(value, ensure_ascii=ascii_only) if _is_plain(value) else _Encoder(ensure_ascii=ascii_only).encode(_prepared(value))
    except RecursionError:
        raise ValueError("Circular reference detected") from None


def _is_plain(value):
    """Whether Python's own encoder writes it as the runtime's does."""
    stack, count = [value], 0
    while stack:
        one = stack.pop()
        count += 1
        if isinstance(one, dict):
            stack.extend(one.values())
        elif isinstance(one, (list, tuple)):
            if hasattr(one, "_asdict"):
                return False
            stack.extend(one)
        elif isinstance(one, decimal.Decimal):
            return False
        if count > 1_000_000:  # it refers to itself, or is too large to be an answer
            return True
    return True
