"""The ways out of the house, behind one interface: mail to a person, a robot's message to a group.

To add one (a push to a browser): a class with `address` and `send`, and its line in CHANNELS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from cases.models.case import Notice
from kit import mail, webhook
from kit.settings import settings
from people.models import Account
from people.roster import GroupBot, MailAddress

TAKEN = 0
TITLE = 60  # characters: what a list of mails shows
ROBOT_BYTES = 2000  # 企业微信 takes a text of 2,048 bytes


@dataclass(frozen=True)
class Message:
    """What is sent: neutral words, and a key that is the same at every try."""

    text: str
    key: str

    @property
    def title(self) -> str:
        """The text in one line, short enough for a subject: an officer's words may have several lines."""
        line = " ".join(self.text.split())
        return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"


class Channel(Protocol):
    """One way out."""

    def address(self, session: Session, notice: Notice) -> str | None:
        """Where this notice goes on this way; None where its receiver has none, or the installation does not use it."""

    def send(self, address: str, message: Message) -> None:
        """Send it, or raise: then the job is tried again later."""


class Mail:
    """A mail to the person whom a notice is for."""

    def address(self, session: Session, notice: Notice) -> str | None:
        """The address that the officer has entered, while the account is active."""
        if not mail.is_configured() or notice.account_id is None:
            return None
        found = session.get(MailAddress, notice.account_id)
        account = session.get(Account, notice.account_id)
        return found.address if found is not None and account is not None and account.active else None

    def send(self, address: str, message: Message) -> None:
        """Send it, with the address of the installation, where the notice itself stands after signing in."""
        text = f"{message.text}\n\n请登录查看：{settings().base_url}\n"
        mail.send(address, subject=f"【警钟】{message.title}", text=text, key=message.key)


class Robot:
    """A message of the robot in the chat group of the office that a notice is for (钉钉, 企业微信)."""

    def address(self, session: Session, notice: Notice) -> str | None:
        """The address of the office's robot, while its host is allowed."""
        bot = session.get(GroupBot, notice.org_id)
        if bot is None:
            return None
        try:
            webhook.check(bot.url)
        except webhook.NotAllowedHost:
            return None
        return bot.url

    def send(self, address: str, message: Message) -> None:
        """Post it. Both robots take the same text message and answer with `errcode`, also to what they refuse."""
        content = _cut(f"【警钟】{message.text}", ROBOT_BYTES)
        answer = webhook.post(address, {"msgtype": "text", "text": {"content": content}})
        if answer.get("errcode") != TAKEN:
            raise webhook.PostNotTaken(f"errcode {answer.get('errcode')}")


def _cut(text: str, limit: int) -> str:
    """The text in at most so many bytes of UTF-8, cut between characters; what is missing stands in the application."""
    content = text.encode()
    if len(content) <= limit:
        return text
    return f"{content[: limit - len('…'.encode())].decode(errors='ignore')}…"


CHANNELS: Mapping[str, Channel] = {"email": Mail(), "bot": Robot()}
OF_A_GROUP = frozenset({"bot"})
