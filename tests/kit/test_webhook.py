"""A robot's address, over real HTTPS: what is posted, every answer that is a failure, and everywhere it may not go."""

import http.client

import pytest

from kit import webhook
from kit.settings import settings
from tests.receivers import HOST, robot_server

BODY = {"msgtype": "text", "text": {"content": "【警钟】案件 1 的核查已超过时限"}}


@pytest.fixture
def allow(monkeypatch, authority, database_url):
    """Allow hosts, as the settings name them."""

    def _allow(*hosts, trusting=True):
        monkeypatch.setenv("JZ_BOT_HOSTS", ",".join(hosts))
        if trusting:
            monkeypatch.setenv("SSL_CERT_FILE", authority.bundle)
        settings.cache_clear()

    yield _allow
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def robot(authority, allow):
    with robot_server(authority.serving()) as listening:
        allow(f"{HOST}:{listening.port}")
        yield listening


def test_a_body_is_posted_as_json_with_the_token_and_the_answer_comes_back(robot):
    assert webhook.post(robot.url, BODY) == {"errcode": 0}
    assert robot.posts == [("/robot/send?access_token=secret-token", BODY)]


@pytest.mark.parametrize("status", [201, 204, 400, 401, 404, 429, 500, 503])
def test_every_answer_but_200_is_a_failure_that_may_pass(robot, status):
    robot.answers.append((status, b"" if status == 204 else b'{"errcode":0}', {}))
    with pytest.raises(webhook.PostNotTaken, match=f"status {status}") as refused:
        webhook.post(robot.url, BODY)
    assert refused.value.retryable
    assert webhook.post(robot.url, BODY) == {"errcode": 0}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_not_even_to_itself(robot, authority, status):
    with robot_server(authority.serving()) as inside:
        for place in (inside.url, "http://169.254.169.254/latest/meta-data", robot.url):
            robot.answers.append((status, b"", {"Location": place}))
            with pytest.raises(webhook.PostNotTaken, match=f"status {status}"):
                webhook.post(robot.url, BODY)
    assert inside.posts == []
    assert len(robot.posts) == 3


@pytest.mark.parametrize("said", [b"", b"ok", b"[]", b"0", b'"ok"', b"\xff\xfe", b"{" * 100_000])
def test_an_answer_that_is_no_json_object_is_a_failure(robot, said):
    robot.answers.append((200, said, {}))
    with pytest.raises(webhook.PostNotTaken):
        webhook.post(robot.url, BODY)


def test_of_an_endless_answer_only_the_beginning_is_read(robot):
    robot.answers.append((200, b'{"errcode":0,"more":"' + b"x" * (4 * webhook.LONGEST_ANSWER) + b'"}', {}))
    with pytest.raises(webhook.PostNotTaken, match="JSONDecodeError"):
        webhook.post(robot.url, BODY)


def test_a_robot_that_does_not_answer_is_waited_for_only_so_long(robot, monkeypatch):
    monkeypatch.setattr(webhook, "TIMEOUT_S", 0.3)
    robot.hold_s = 30
    with pytest.raises(webhook.PostNotTaken, match="TimeoutError"):
        webhook.post(robot.url, BODY)


def test_a_server_that_never_says_hello_is_waited_for_only_so_long(allow, monkeypatch, silent):
    monkeypatch.setattr(webhook, "TIMEOUT_S", 0.3)
    allow(f"{HOST}:{silent}")
    with pytest.raises(webhook.PostNotTaken, match="TimeoutError"):
        webhook.post(f"https://{HOST}:{silent}/", BODY)


def test_a_robot_that_is_away_is_a_failure(robot, allow, authority):
    with robot_server(authority.serving()) as gone:
        allow(f"{HOST}:{gone.port}")
    with pytest.raises(webhook.PostNotTaken, match="ConnectionRefusedError"):
        webhook.post(gone.url, BODY)


def test_nothing_is_said_to_a_certificate_that_nobody_vouches_for(authority, allow):
    with robot_server(authority.serving()) as listening:
        allow(f"{HOST}:{listening.port}", trusting=False)
        with pytest.raises(webhook.PostNotTaken, match="SSLCertVerificationError"):
            webhook.post(listening.url, BODY)
    assert listening.posts == []


def test_nothing_is_said_to_the_certificate_of_another_host(authority, allow):
    with robot_server(authority.serving("oapi.dingtalk.com")) as listening:
        allow(f"{HOST}:{listening.port}")
        with pytest.raises(webhook.PostNotTaken, match="SSLCertVerificationError"):
            webhook.post(listening.url, BODY)
    assert listening.posts == []


def test_nothing_is_said_in_the_clear(allow):
    with robot_server(None) as listening:
        allow(f"{HOST}:{listening.port}")
        with pytest.raises(webhook.PostNotTaken):
            webhook.post(listening.url, BODY)
        with pytest.raises(webhook.NotAllowedHost):
            webhook.post(listening.url.replace("https", "http"), BODY)
    assert listening.posts == []


ALLOWED = "oapi.dingtalk.com"
ELSEWHERE = [
    "http://oapi.dingtalk.com/robot", "ftp://oapi.dingtalk.com/robot", "//oapi.dingtalk.com/robot", "oapi.dingtalk.com",
    "https://oapi.dingtalk.com.evil.example/", "https://evil.example/?oapi.dingtalk.com", "https://dingtalk.com/",
    "https://oapi.dingtalk.com:8443/", "https://oapi.dingtalk.com:0/", "https://oapi.dingtalk.com:99999/",
    "https://oapi.dingtalk.com:x/", "https://oapi.dingtalk.com@evil.example/", "https://evil@oapi.dingtalk.com/",
    "https://evil.example\\@oapi.dingtalk.com/", "https://oapi.dingtalk.com\\.evil.example/",
    "https://oapi.dingtalk.com /", "https://oapi.dingtalk.com\n.evil.example/", "https://oapi.dingtalk.com\t/",
    "https://oapi.dingtalk.com/\r\nHost: evil", "https://oapi.dingtalk.com./", "https://ｏapi.dingtalk.com/",
    "https://127.0.0.1/", "https://[::1]/", "https://[::1", "https://2130706433/", "https://localhost/", "https://", "",
    f"https://oapi.dingtalk.com/{'x' * 1000}",
]  # fmt: skip


@pytest.mark.parametrize("url", ELSEWHERE)
def test_an_address_that_the_installation_does_not_name_is_refused_before_a_word_is_said(allow, monkeypatch, url):
    allow(ALLOWED)
    monkeypatch.setattr(http.client, "HTTPSConnection", lambda *_, **__: pytest.fail("it was called"))
    with pytest.raises(webhook.NotAllowedHost) as refused:
        webhook.post(url, BODY)
    assert refused.value.pointer == "/url"


@pytest.mark.parametrize(
    "url", ["https://oapi.dingtalk.com/robot/send?access_token=x", "https://OAPI.DingTalk.com:443/"]
)
def test_an_address_that_it_names_is_taken_in_whatever_letters(allow, url):
    allow("qyapi.weixin.qq.com", " OAPI.dingtalk.com ")
    assert webhook.check(url).hostname == ALLOWED


def test_where_no_host_is_named_there_are_no_robots(allow):
    allow("")
    with pytest.raises(webhook.NotAllowedHost):
        webhook.check(f"https://{ALLOWED}/")
