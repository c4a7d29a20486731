"""Preserve evidence: a post as it stands, a file, or an address with what it said.

The text or the bytes get a SHA-256 at once, and that goes into the audit chain as well, so that a
later change of either shows. A post that is evidence is held: no schedule erases it. The same
content is preserved once per case.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.analysis.privacy import mask
from tinglan.cases.complete import complete_by
from tinglan.cases.errors import CaseError
from tinglan.cases.models import Case, Evidence
from tinglan.cases.story import require_open, tell
from tinglan.clocks import run
from tinglan.clocks.models import Kind
from tinglan.plans.models import Step
from tinglan.sources.models import Hold, Post

LARGEST_FILE = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Capture:
    kind: Evidence.Kind
    title: str
    sha256: str
    text: str = ""
    url: str = ""
    post: Post | None = None
    file: "File[bytes] | None" = None
    content_type: str = ""


@transaction.atomic
def preserve_post(case: Case, post: Post, *, by: Member | None, now: datetime) -> Evidence:
    """Keep a post as it stands, with its author, address and times, and hold it."""
    require(by, Right.WORK_CASES)
    text = _snapshot(post)
    capture = _Capture(
        kind=Evidence.Kind.POST,
        title=str(post)[:200],
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        url=post.url,
        post=post,
    )
    Hold.objects.get_or_create(post=post, reason=f"case {case.number}", defaults={"at": now})
    return _preserve(case, capture, by=by, now=now)


@transaction.atomic
def preserve_file(
    case: Case, upload: "UploadedFile[bytes]", *, by: Member, now: datetime
) -> Evidence:
    """Keep a file under its hash; its name outside is its title here, never a path."""
    require(by, Right.WORK_CASES)
    size = upload.size or 0
    if not size:
        raise CaseError(_("“%(file)s” is empty: nothing was preserved.") % {"file": upload.name})
    if size > LARGEST_FILE:
        raise CaseError(
            _("“%(file)s” is larger than 50 MB: keep it elsewhere and preserve its address.")
            % {"file": upload.name}
        )
    capture = _Capture(
        kind=Evidence.Kind.FILE,
        title=(upload.name or "file")[:200],
        sha256=_hash_of(upload),
        file=upload,
        content_type=(upload.content_type or "")[:100],
    )
    return _preserve(case, capture, by=by, now=now)


@transaction.atomic
def preserve_address(case: Case, url: str, *, text: str, by: Member, now: datetime) -> Evidence:
    """Keep an address and, copied by a person, what it said."""
    require(by, Right.WORK_CASES)
    if not text.strip():
        raise CaseError(_("Copy what %(url)s says: the page may change.") % {"url": url})
    content = f"{url}\n\n{text.strip()}"
    capture = _Capture(
        kind=Evidence.Kind.ADDRESS,
        title=url[:200],
        text=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        url=url,
    )
    return _preserve(case, capture, by=by, now=now)


def _preserve(case: Case, capture: _Capture, *, by: Member | None, now: datetime) -> Evidence:
    require_open(case)
    existing = Evidence.objects.filter(case=case, sha256=capture.sha256).first()
    if existing is not None:
        return existing
    evidence = Evidence(
        case=case,
        kind=capture.kind,
        title=capture.title,
        url=capture.url,
        post=capture.post,
        text=capture.text,
        content_type=capture.content_type,
        sha256=capture.sha256,
        captured_at=now,
        by=by,
    )
    if capture.file is not None:
        evidence.file.save(capture.sha256, capture.file, save=False)
    evidence.save()
    run.meet(case.event.going_on, [Kind.PRESERVE], by_row=evidence, now=now)
    complete_by(case, Step.Proof.EVIDENCE, by_row=evidence, by=by, now=now)
    data = {"title": mask(evidence.title), "sha256": evidence.sha256}
    tell(case, "preserve", evidence, kind="evidence_preserved", by=by, now=now, **data)
    return evidence


def _snapshot(post: Post) -> str:
    """All that tells what was said, by whom and where, as plain lines."""
    lines = [
        f"platform: {post.platform}",
        f"id: {post.id_space}/{post.native_id}",
        f"address: {post.url}",
        f"author: {post.author_name or (post.author or '')}",
        f"published: {post.published_at.isoformat() if post.published_at else ''}",
        f"first seen: {post.first_seen_at.isoformat()}",
        "",
        *([post.title, ""] if post.title else []),
        post.text,
    ]
    return "\n".join(lines)


def _hash_of(upload: "UploadedFile[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
