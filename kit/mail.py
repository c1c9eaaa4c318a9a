"""Sending one mail through the SMTP server of the settings; without one there is no mail."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from kit.errors import Unavailable
from kit.settings import settings

TIMEOUT_S = 20.0
SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailNotTaken(Unavailable):
    """The server is away or did not take the mail; it may later."""

    code = "mail.not_taken"


def is_configured() -> bool:
    """Whether this installation sends mail."""
    return bool(settings().smtp_url.get_secret_value() and settings().mail_from)


def send(to: str, *, subject: str, text: str, key: str) -> None:
    """Send a plain mail. `key` becomes its Message-ID, so that a mail sent twice shows once. Raises MailNotTaken."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings().mail_from, to, subject
    message["Message-ID"] = f"<{key}@{urlsplit(settings().base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _server() as server:
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as failure:
        raise MailNotTaken(type(failure).__name__) from failure


def _server() -> smtplib.SMTP:
    """A connection in the way that the address says: smtps, smtp+starttls, or smtp for a server of this machine."""
    url = urlsplit(settings().smtp_url.get_secret_value())
    if url.scheme not in SCHEMES or not url.hostname:
        raise MailNotTaken("JZ_SMTP_URL is no address of a mail server.")
    where = (url.hostname, url.port or SCHEMES[url.scheme])
    secure = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=TIMEOUT_S, context=secure)
    else:
        server = smtplib.SMTP(*where, timeout=TIMEOUT_S)
    try:
        if url.scheme == "smtp+starttls":
            server.starttls(context=secure)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server
