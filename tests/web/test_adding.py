"""R3, R9, C12 Q4, Q9: a reporter answers, adds, writes to the desk, withdraws and tells of retaliation on the page."""

from uuid import uuid4

import pytest

from cases import policy
from kit import clock
from kit.db import OWNER, unit_of_work
from tests.told import ask_of, heard
from tests.web.test_acting import act, hidden, page_of

SAID = {
    "answer": "3号楼，二层",
    "supplement": "今天又堵上了",
    "message": "什么时候来看？",
    "retaliation": "老板要开除我",
}


@pytest.fixture
def asked(client, tracking_code):
    return ask_of(tracking_code)


def test_r3_the_question_is_answered_on_the_page(client, asked):
    assert "在几号楼？" in page_of(client, asked)
    done = act(client, asked, "answer", text=" 3号楼，\r\n二层 ")
    assert (done.status_code, heard(asked)) == (200, ("in_review", [("answer", "3号楼，\n二层")]))
    assert "已收到您的补充" in done.text
    assert "您的回答" not in done.text  # nothing is asked any more


def test_r3_an_answer_is_to_the_question_that_was_read(client, asked):
    data = {**hidden(page_of(client, asked), "answer"), "text": "二层"}
    for other in (str(uuid4()), "", "x"):
        answer = client.post("/track/acts", data={**data, "question_id": other})
        assert answer.status_code in {409, 422}
        assert "情况已经有了变化" in answer.text
    assert heard(asked) == ("need_more", [])


@pytest.mark.parametrize("kind", ["supplement", "message", "retaliation"])
def test_what_is_written_is_kept_once_however_often_it_is_sent(client, tracking_code, kind):
    data = {**hidden(page_of(client, tracking_code), kind), "text": SAID[kind]}
    answers = [client.post("/track/acts", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    kept = "" if kind == "retaliation" else SAID[kind]  # which stands where the desk does not look (Q9)
    assert heard(tracking_code)[1] == [(kind, kept)]


@pytest.mark.parametrize("kind", ["answer", "supplement", "message", "retaliation"])
def test_nothing_is_sent_of_which_nothing_was_written(client, asked, kind):
    answer = act(client, asked, kind, text=" \n ")
    assert (answer.status_code, heard(asked)) == (422, ("need_more", []))
    form = answer.text.split(f'id="{kind}-fault"')
    assert len(form) == 2
    assert f'aria-describedby="{kind}-hint {kind}-fault"' in answer.text


@pytest.mark.parametrize("kind", ["supplement", "message", "retaliation"])
def test_a_fault_is_told_in_a_form_that_stays_open(client, tracking_code, kind):
    answer = act(client, tracking_code, kind, text="堵" * 2001)
    opened = [each for each in answer.text.split("<details")[1:] if each.startswith(" open>")]
    assert len(opened) == 1
    assert f'value="{kind}"' in opened[0]
    assert "堵" * 2001 in opened[0]


def test_r9_a_report_is_withdrawn_by_whoever_says_to_be_sure(client, tracking_code):
    unsure = act(client, tracking_code, "withdrawal")
    assert (unsure.status_code, heard(tracking_code)[0]) == (422, "submitted")
    assert "请先勾选" in unsure.text
    done = act(client, tracking_code, "withdrawal", sure="yes")
    assert (done.status_code, heard(tracking_code)) == (200, ("withdrawn", [("withdrawal", "")]))
    assert "已撤回您的举报" in done.text
    assert 'value="supplement"' not in done.text
    assert 'value="retaliation"' in done.text  # whoever withdrew may be threatened all the same (Q9)


def test_no_more_is_taken_of_one_kind_in_a_day_than_policy_lets(client, tracking_code):
    with unit_of_work(OWNER) as session:
        most = policy.value(session, "messages_a_day", clock.now())
    for number in range(most):
        assert act(client, tracking_code, "message", text=f"第{number}次").status_code == 200
    answer = act(client, tracking_code, "message", text="再写")
    assert (answer.status_code, len(heard(tracking_code)[1])) == (429, most)
    assert "请明天再写" in answer.text


def test_what_somebody_writes_is_text(client, tracking_code):
    answer = act(client, tracking_code, "supplement", text="<img src=x onerror=alert(1)>" + "堵" * 2000)
    assert "<img src=x" not in answer.text
    assert "&lt;img src=x" in answer.text
