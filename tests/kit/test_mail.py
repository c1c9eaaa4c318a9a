"""Mail through a real SMTP server: in the clear to this machine, with STARTTLS, over TLS; and every way it may fail."""

import smtplib
from urllib.parse import quote

import pytest

from kit import mail
from kit.settings import settings
from tests.receivers import HOST, PASSWORD, USER, mail_server


@pytest.fixture
def speak(monkeypatch, authority, database_url):
    """Let this installation send through a server; `trusting` says whether it knows the server's authority."""

    def _speak(scheme, port, *, trusting=True, user=""):
        monkeypatch.setenv("JZ_SMTP_URL", f"{scheme}://{user}{HOST}:{port}")
        monkeypatch.setenv("JZ_MAIL_FROM", "警钟 <notices@example.gov.cn>")
        monkeypatch.setenv("JZ_PUBLIC_URL", "https://jz.example.gov.cn")
        if trusting:
            monkeypatch.setenv("SSL_CERT_FILE", authority.bundle)
        settings.cache_clear()

    yield _speak
    monkeypatch.undo()
    settings.cache_clear()


def send(to="officer@example.gov.cn", key="k1"):
    mail.send(to, subject="【警钟】消防通道：案件 1 的核查已超过时限", text="请登录查看\n", key=key)


def test_without_a_server_or_a_sender_there_is_no_mail(speak, monkeypatch):
    assert not mail.is_configured()
    speak("smtp", 25)
    assert mail.is_configured()
    monkeypatch.setenv("JZ_MAIL_FROM", "")
    settings.cache_clear()
    assert not mail.is_configured()


def test_a_mail_arrives_as_it_was_meant_and_says_that_no_person_wrote_it(speak):
    with mail_server() as (box, port):
        speak("smtp", port)
        send()
    [came] = box.mails
    assert (box.to, str(came["To"])) == (["officer@example.gov.cn"], "officer@example.gov.cn")
    assert str(came["From"]) == "警钟 <notices@example.gov.cn>"
    assert str(came["Subject"]) == "【警钟】消防通道：案件 1 的核查已超过时限"
    assert came.get_content().splitlines() == ["请登录查看"]
    assert (str(came["Message-ID"]), str(came["Auto-Submitted"])) == ("<k1@jz.example.gov.cn>", "auto-generated")


def test_the_same_mail_sent_again_has_the_same_id(speak):
    with mail_server() as (box, port):
        speak("smtp", port)
        send()
        send()
        send(key="k2")
    ids = [str(each["Message-ID"]) for each in box.mails]
    assert ids[0] == ids[1] != ids[2]


def test_with_starttls_and_a_name_and_a_password(speak, authority):
    with mail_server(tls=authority.serving(), sign_in=True) as (box, port):
        speak("smtp+starttls", port, user=f"{USER}:{quote(PASSWORD, safe='')}@")
        send()
    assert box.secured == [True]


def test_over_tls_from_the_first_byte(speak, authority):
    with mail_server(tls=authority.serving(), at_once=True) as (box, port):
        speak("smtps", port)
        send()
    assert len(box.mails) == 1


@pytest.mark.parametrize(("scheme", "at_once"), [("smtp+starttls", False), ("smtps", True)])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(speak, authority, scheme, at_once):
    with mail_server(tls=authority.serving(), at_once=at_once) as (box, port):
        speak(scheme, port, trusting=False)
        with pytest.raises(mail.MailNotTaken, match="SSLCertVerificationError"):
            send()
    assert box.mails == []


def test_a_certificate_of_another_host_is_refused(speak, authority):
    with mail_server(tls=authority.serving("mail.example.org"), at_once=True) as (box, port):
        speak("smtps", port)
        with pytest.raises(mail.MailNotTaken, match="SSLCertVerificationError"):
            send()
    assert box.mails == []


def test_where_starttls_was_asked_for_and_is_not_there_nothing_is_said_in_the_clear(speak):
    with mail_server() as (box, port):
        speak("smtp+starttls", port, user=f"{USER}:{quote(PASSWORD, safe='')}@")
        with pytest.raises(mail.MailNotTaken, match="SMTPNotSupportedError"):
            send()
    assert box.mails == []


def test_a_wrong_password_is_a_failure_that_names_no_password(speak, authority):
    with mail_server(tls=authority.serving(), sign_in=True) as (box, port):
        speak("smtp+starttls", port, user=f"{USER}:wrong@")
        with pytest.raises(mail.MailNotTaken) as refused:
            send()
    assert refused.value.message == "SMTPAuthenticationError"
    assert (box.mails, refused.value.retryable) == ([], True)


@pytest.mark.parametrize("answer", ["451 4.7.1 greylisted, come back later", "552 5.2.2 mailbox full"])
def test_a_mail_that_is_not_taken_now_may_be_later(speak, answer):
    with mail_server() as (box, port):
        speak("smtp", port)
        box.answers.append(answer)
        with pytest.raises(mail.MailNotTaken, match="SMTPDataError"):
            send()
        send()
    assert len(box.mails) == 1


def test_a_receiver_whom_the_server_does_not_know_is_a_failure(speak):
    with mail_server() as (box, port):
        speak("smtp", port)
        with pytest.raises(mail.MailNotTaken, match="SMTPRecipientsRefused"):
            send("nobody@gone.example")
    assert box.mails == []


def test_a_server_that_is_away_is_a_failure(speak):
    with mail_server() as (_, port):
        speak("smtp", port)
    with pytest.raises(mail.MailNotTaken, match="ConnectionRefusedError"):
        send()


def test_a_server_that_says_nothing_is_waited_for_only_so_long(speak, monkeypatch, silent):
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.3)
    speak("smtp", silent)
    with pytest.raises(mail.MailNotTaken, match="SMTPServerDisconnected"):
        send()


@pytest.mark.parametrize("scheme", ["http", "ftp", "mailto"])
def test_an_address_that_is_no_mail_servers_is_a_failure_and_no_crash(speak, scheme):
    speak(scheme, 25)
    with pytest.raises(mail.MailNotTaken, match="JZ_SMTP_URL"):
        send()


@pytest.mark.parametrize("address", ["a@example.cn\nBcc: b@example.cn", "a@example.cn\r\nX-Evil: 1"])
def test_an_address_never_becomes_a_header_of_its_own(speak, address):
    with mail_server() as (box, port):
        speak("smtp", port)
        with pytest.raises((ValueError, smtplib.SMTPException)):
            send(address)
    assert box.mails == []
