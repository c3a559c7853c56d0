"""Each slip, by what it makes of a few lines."""

import ast

import pytest

from workbook.course.labs import Lab
from workbook.proof.mutant import Mutant, make_mutants, sample
from workbook.proof.slip import SLIPS

SOLUTION = "solution/lambda_function.py"


def mutate(draft, source: str) -> list[Mutant]:
    draft.edit(SOLUTION, None, source)
    return make_mutants(draft.lab)


def lines_after(draft, slip: str, source: str) -> list[str]:
    return [mutant.place.after for mutant in mutate(draft, source) if mutant.slip == slip]


@pytest.mark.parametrize(
    ("slip", "source", "after"),
    [
        ("drop_call", "store(reading)", ["pass"]),
        ("drop_update", "for a in b:\n    total += 1\n    seen[a] = 1\n    c = 2", ["pass", "pass"]),
        ("drop_return", "def f(a):\n    return a", ["pass"]),
        ("drop_return", "def f(a):\n    return g(a)", ["g(a)"]),
        ("drop_return", "def f(a):\n    return", ["pass"]),
        ("negate_condition", "if a:\n    b = c", ["if not a:"]),
        ("negate_condition", "if not a:\n    b = c", ["if a:"]),
        ("negate_condition", "while a is None:\n    b = c", ["while a is not None:"]),
        ("negate_condition", "a = b if c else d", ["a = b if not c else d"]),
        ("negate_condition", "a = [b for b in c if b < 1]", ["a = [b for b in c if not b < 1]"]),
        ("drop_entry", "a = {'b': c, **d}", ["a = {**d}", 'a = {"b": c}']),
        ("drop_entry", "a = [b, c]", ["a = [c]", "a = [b]"]),
        ("drop_entry", "a = [b]", []),
        ("drop_argument", "a = f(b, c, d=e)", ["a = f(b, c)", "a = f(b, d=e)"]),
        ("drop_argument", "a = f(b, timeout=c)", []),
        ("drop_conversion", "a = int(b)\nc = json.dumps(d)\ne = f.strip()", ["a = b", "c = d", "e = f"]),
        ("drop_conversion", "a = f(b)\nc = d.strip('x')", []),
        ("drop_raise", "if a:\n    raise ValueError('no good') from b", ["pass"]),
        ("drop_jump", "for a in b:\n    if a:\n        break\n    continue", ["pass", "pass"]),
        ("misspell_word", "a = 'pm25'\nb = ''\nc = 'for people'", ['a = "pm2"', 'b = "x"']),
        ("misspell_word", "a = f'at/{b:%H}'", ['a = f"at{b:%H}"', 'a = f"at/{b:%}"']),
        ("confuse_and_or", "a = b and (c or d)", ["a = b or (c or d)", "a = b and (c and d)"]),
        ("confuse_comparison", "a = b == c\nd = e not in f", ["a = b != c", "d = e in f"]),
        ("confuse_arithmetic", "a = b + c * d", ["a = b - c * d", "a = b + c / d"]),
        ("take_local_time", "a = now(UTC)\nb = datetime.now(tz=UTC)", ["b = datetime.now()"]),
        (
            "take_local_time",
            "a = b.astimezone(UTC)",
            ["a = b", "a = b.astimezone()", "a = b.replace(tzinfo=UTC)"],
        ),
        ("take_local_time", "a = time.gmtime(b)", ["a = time.localtime(b)"]),
        ("swallow_error", "s3.put(a)", ["try: s3.put(a) except Exception: pass"]),
        ("swallow_error", "print(a)\nfound.append(b)", []),
        ("swallow_error", "try:\n    a = b()\nexcept OSError:\n    c = 1", ["except OSError: pass"]),
        ("misstate_number", "a = -999\nb = 0.5", ["a = -1000", "b = 1.5"]),
        ("flip_flag", "a = True", ["a = False"]),
        ("drop_condition", "a = b and c and d", ["a = c and d", "a = b and d", "a = b and c"]),
        ("leave_out_of_text", "a = f'{b} is {c}'", ['a = f" is {c}"', 'a = f"{b} is "']),
        ("match_too_little", "a = re.fullmatch(b, c)", ["a = re.match(b, c)"]),
        ("miss_boundary", "a = 1 <= b < c", ["a = 1 < b < c", "a = 1 <= b <= c"]),
        ("drop_timeout", "a = f(timeout=3)", ["a = f()", "a = f(timeout=3000)"]),
        ("drop_timeout", "a = Config(read_timeout=b)", ["a = Config()"]),
        (
            "catch_too_little",
            "try:\n    a = b()\nexcept (KeyError, c.Error):\n    a = 1",
            ["except c.Error:", "except KeyError:"],
        ),
        ("catch_too_much", "try:\n    a = b()\nexcept c.Error:\n    a = 1", ["except Exception:"]),
        ("catch_too_much", "try:\n    a = b()\nexcept Exception:\n    a = 1", []),
    ],
)
def test_what_a_slip_makes(draft, slip, source, after) -> None:
    assert lines_after(draft, slip, source) == after


def test_every_slip_says_what_it_is() -> None:
    sentences = [slip.__doc__ or "" for slip in SLIPS]
    assert all("\n" not in sentence and not sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(SLIPS)


def test_docstrings_and_annotations_stay(draft) -> None:
    source = '"""word"""\n\n\ndef f(a: "word" = 1) -> "word":\n    """word"""\n'
    assert [mutant.place.after for mutant in mutate(draft, source)] == ['def f(a: "word" = 2) -> "word":']


def test_a_mutant_says_where_it_differs(draft) -> None:
    source = 'class A:\n    def f(self):\n        # why\n        g(\n            "é", b,  # c\n        )\n'
    mutant = next(mutant for mutant in mutate(draft, source) if mutant.slip == "drop_call")
    assert str(mutant.place) == '@@ lambda_function.py, A.f @@\n-g( "é", b, # c )\n+pass'
    assert (mutant.line, mutant.text) == (4, "class A:\n    def f(self):\n        # why\n        pass\n")
    assert mutant.meaning == "a call that stands by itself is left out"


def test_no_two_mutants_are_alike_and_each_compiles(draft) -> None:
    source = draft.path(SOLUTION).read_text() + "\n\ndef f(a):\n    if not a == 1:\n        return a and f(a)\n"
    made = mutate(draft, source)
    meant = [ast.dump(ast.parse(mutant.text)) for mutant in made]
    assert len(set(meant)) == len(meant) > 20
    assert ast.dump(ast.parse(source)) not in meant
    for mutant in made:
        compile(mutant.text, "mutant", "exec")


def test_what_does_not_compile_is_left_out(draft) -> None:
    assert lines_after(draft, "drop_argument", "a = f(b, *c)") == ["a = f(b)"]
    assert lines_after(draft, "drop_jump", "for a in b:\n    break\nelse:\n    c = d") == ["pass"]


def test_the_kind_of_quotes_makes_no_other_place(draft) -> None:
    one, other = (mutate(draft, f"a = b({quote}c{quote}, 1)")[0].place for quote in "'\"")
    assert one != other
    assert one.key == other.key


def test_a_sample_is_the_same_each_time(draft) -> None:
    made = make_mutants(draft.lab)
    few = sample(made, 5, "seed")
    assert len(few) == 5
    assert few == sample(made, 5, "seed") == [mutant for mutant in made if mutant in few]
    assert few != sample(made, 5, "other")
    assert sample(made, 1000, "seed") == made


def test_only_what_is_handed_in_is_mutated(draft) -> None:
    draft.edit("solution/other.py", None, "a = 1")
    draft.edit("lab/lab.toml", "budget", 'files = ["lambda_function.py", "notes.md"]\nbudget')
    draft.edit("solution/notes.md", None, "a = 1")
    lab: Lab = draft.lab
    assert {mutant.place.file for mutant in make_mutants(lab)} == {"lambda_function.py"}
