"""Every state, every move."""

from __future__ import annotations

import itertools

import pytest

from moderation.cases import LEGAL, CaseState, IllegalMove, Move, Standing, apply, legal_moves

HE, SHE = 7, 8
EVERY = list(itertools.product(CaseState, Move))


@pytest.mark.parametrize(("state", "move"), EVERY, ids=lambda value: str(value))
def test_a_move_is_made_where_it_is_legal_and_refused_elsewhere(
    state: CaseState, move: Move
) -> None:
    standing = Standing(state)
    if (state, move) in LEGAL:
        assert apply(standing, move, HE).state is LEGAL[state, move]
    else:
        with pytest.raises(IllegalMove):
            apply(standing, move, HE)


def test_who_claims_holds() -> None:
    assert apply(Standing(CaseState.OPEN), Move.CLAIM, HE).holder == HE


def test_a_later_move_of_another_leaves_the_holder() -> None:
    claimed = apply(Standing(CaseState.OPEN), Move.CLAIM, HE)
    assert apply(claimed, Move.CONTACT, SHE).holder == HE


def test_handing_over_frees_the_case() -> None:
    claimed = apply(Standing(CaseState.OPEN), Move.CLAIM, HE)
    assert apply(claimed, Move.HAND_OVER, HE).holder is None


@pytest.mark.parametrize(
    "move", [Move.CLAIM, Move.DISMISS, Move.SETTLE], ids=lambda move: str(move)
)
def test_undo_takes_back_the_last_move_once(move: Move) -> None:
    standing = apply(Standing(CaseState.OPEN), move, HE)
    undone = apply(standing, Move.UNDO, SHE)
    assert undone == Standing(CaseState.OPEN)
    with pytest.raises(IllegalMove):
        apply(undone, Move.UNDO, SHE)


def test_undoing_a_hand_over_gives_the_case_back_to_its_holder() -> None:
    claimed = apply(Standing(CaseState.OPEN), Move.CLAIM, HE)
    back = apply(apply(claimed, Move.HAND_OVER, HE), Move.UNDO, SHE)
    assert (back.state, back.holder) == (CaseState.CLAIMED, HE)


def test_the_moves_offered_are_the_legal_ones() -> None:
    for state in CaseState:
        offered = set(legal_moves(Standing(state)))
        assert offered == {move for (where, move) in LEGAL if where is state}


def test_undo_is_offered_while_there_is_something_to_undo() -> None:
    claimed = apply(Standing(CaseState.OPEN), Move.CLAIM, HE)
    assert Move.UNDO in legal_moves(claimed)


def test_a_refused_move_says_what_and_where_the_case_stands() -> None:
    standing = Standing(CaseState.SAFE, 7)
    with pytest.raises(IllegalMove, match="claim does not fit safe") as refused:
        apply(standing, Move.CLAIM, 8)
    assert refused.value.standing == standing
    with pytest.raises(IllegalMove, match="undo does not fit open"):
        apply(Standing(CaseState.OPEN), Move.UNDO, 8)


def test_nobody_takes_over_from_oneself() -> None:
    with pytest.raises(IllegalMove):
        apply(Standing(CaseState.CLAIMED, 7), Move.TAKE_OVER, 7)
    assert apply(Standing(CaseState.CLAIMED, 7), Move.TAKE_OVER, 8).holder == 8
