"""E-mail by SMTP: plain text and HTML, one thread for each event."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tinglan.accounts.models import Member
from tinglan.alerts.channels.contract import Answer, Message
from tinglan.alerts.channels.email.form import EmailForm
from tinglan.alerts.errors import DeliveryError
from tinglan.lib import clock

kind = "email"
label = pgettext_lazy("channel", "E-mail")
hint = _("To each member's address, by your own mail server.")
is_inside = False
is_personal = True
takes_digests = True
mentions = False
per_minute = None
Form = EmailForm

TIMEOUT = 15.0  # seconds for each answer of the server
PORTS = {"tls": 465, "starttls": 587, "none": 25}


def address_of(member: Member | None, config: Mapping[str, Any]) -> str:
    return member.email if member else ""


def send(message: Message, address: str, config: Mapping[str, Any]) -> Answer:
    """Only the answer to the end of the data counts; what QUIT says does not matter any more."""
    if not config.get("host"):
        raise DeliveryError("No mail server is set for this channel.", permanent=True)
    mail = compose(message, address, sender=config["sender"])
    with _explained(config["host"]), _connected(config) as server:
        refused = server.send_message(mail)
        if refused:  # only one recipient: smtplib raises before it comes here
            raise smtplib.SMTPRecipientsRefused(refused)
        return Answer(text=f"{config['host']} accepted {mail['Message-ID']}")


def compose(message: Message, address: str, *, sender: str) -> EmailMessage:
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["Subject"] = " ".join(message.title.split())
    mail["From"] = Address("Tinglan", addr_spec=sender)
    mail["To"] = address
    mail["Date"] = format_datetime(clock.wall())  # site time may run fast; mail servers do not
    mail["Message-ID"] = f"<{message.stable_id}@{domain}>"
    mail["In-Reply-To"] = mail["References"] = f"<{message.thread_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Tinglan-Id"] = message.stable_id
    if message.level in {"I", "II"}:
        mail["X-Priority"] = "1"
    mail.set_content(f"{message.text}\n\n{message.url}\n")
    html = render_to_string("alerts/channels/email.html", {"message": message})
    mail.add_alternative(html, subtype="html")
    return mail


@contextmanager
def _connected(config: Mapping[str, Any]) -> Iterator[smtplib.SMTP]:
    security = config.get("security", "tls")
    where = (config["host"], config.get("port") or PORTS[security])
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=context)
        if security == "tls"
        else smtplib.SMTP(*where, timeout=TIMEOUT)
    )
    try:
        if security == "starttls":
            server.starttls(context=context)
        if config.get("user"):
            server.login(config["user"], config.get("password", ""))
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


@contextmanager
def _explained(host: str) -> Iterator[None]:
    """Turn what smtplib raises into what the dispatcher must know."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as err:
        code, text = next(iter(err.recipients.values()))
        said = f"{host} refused the recipient: {_said(code, text)}"
        raise DeliveryError(said, is_about_address=code >= 500) from err
    except smtplib.SMTPResponseException as err:
        said = f"{host} answered: {_said(err.smtp_code, err.smtp_error)}"
        raise DeliveryError(said, permanent=err.smtp_code >= 500) from err
    except smtplib.SMTPNotSupportedError as err:
        raise DeliveryError(f"{host} cannot do this: {err}", permanent=True) from err
    except ssl.SSLCertVerificationError as err:
        said = f"The certificate of {host} is not valid: {err.verify_message}"
        raise DeliveryError(said, permanent=True) from err
    except (smtplib.SMTPException, OSError) as err:
        raise DeliveryError(f"{host} could not be reached: {err or type(err).__name__}") from err


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"[:500]
