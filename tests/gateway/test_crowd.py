from gateway.crowd import Crowd


def test_one_too_many_is_refused_and_the_next_is_not_once_one_has_left():
    crowd = Crowd(2)

    assert [crowd.enter("noor"), crowd.enter("noor"), crowd.enter("noor"), crowd.enter("jon")] == [
        True,
        True,
        False,
        True,
    ]
    crowd.leave("noor")
    assert crowd.enter("noor")


def test_nobody_is_remembered_who_has_nothing_under_way():
    crowd = Crowd(1)
    crowd.enter("noor")
    crowd.enter("noor")
    crowd.leave("noor")

    assert len(crowd) == 0
