"""A case keeps its hash, and nobody else gets to see it: hashes of text differ from process to process."""

import copy
import pickle
import subprocess
import sys
from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from pagewalk.model import Case

WORDS = st.text(max_size=5)
CASES = st.builds(Case, WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple))


@given(one=CASES, other=CASES)
def test_equal_cases_have_equal_hashes_whichever_was_asked_before(one: Case, other: Case) -> None:
    again = Case(one.benchmark, one.params)
    assert hash(one) == hash(one) == hash(again)
    assert (one == other) is ((one.benchmark, one.params) == (other.benchmark, other.params))
    assert {one: 1}[copy.deepcopy(one)] == 1


@given(one=CASES)
def test_a_case_that_was_looked_up_says_no_more_than_one_that_was_not(one: Case) -> None:
    fresh = Case(one.benchmark, one.params)
    hash(one)
    assert pickle.dumps(one) == pickle.dumps(fresh)
    assert (asdict(one), repr(one)) == (asdict(fresh), repr(fresh))
    assert hash(replace(one, benchmark="another")) == hash(Case("another", one.params))


def test_a_case_is_found_by_a_process_with_other_hashes_of_text() -> None:
    case = Case("alloc.Churn", (("size", "64"),))
    hash(case)
    ask = "import pickle, sys; from pagewalk.model import Case; c = pickle.load(sys.stdin.buffer);"
    ask += "sys.exit(c not in {Case('alloc.Churn', (('size', '64'),))})"
    command = [sys.executable, "-c", ask]
    done = subprocess.run(command, input=pickle.dumps(case), env={"PYTHONHASHSEED": "7"}, check=False)
    assert done.returncode == 0
