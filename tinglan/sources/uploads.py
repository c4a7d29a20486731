"""Files handed in through the browser: kept on disk, read by the worker in pieces.

A piece is one transaction with the count of entries read, so a worker that dies goes on, or
another does, where the last piece ended. Large histories are for `tinglan import`.
"""

import logging
import uuid
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from tinglan.accounts.models import Member
from tinglan.accounts.rights import Right, require
from tinglan.audit.record import record
from tinglan.lib import changes, claims, clock
from tinglan.lib.models import Lease
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.errors import SourceError
from tinglan.sources.import_file import next_piece, read_file, take_piece
from tinglan.sources.intake import close_run, open_run
from tinglan.sources.models import Source, Upload

log = logging.getLogger(__name__)

STEP: Final = "sources.read_uploads"
MAX_BYTES: Final = 200 << 20
PIECES: Final = 20  # in one poll; then the other slow steps have their turn
LEASE: Final = timedelta(minutes=5)


def hand_in(source: Source, file: "UploadedFile[bytes]", *, by: Member, now: datetime) -> Upload:
    """Keep the file and tell the worker; the run it will fill is there at once."""
    require(by, Right.EDIT_SOURCES)
    if not file.size:
        raise SourceError(_("The file %(name)s is empty.") % {"name": file.name})
    if file.size > MAX_BYTES:
        message = _("%(name)s is larger than 200 MB. Import it on the server: tinglan import FILE.")
        raise SourceError(message % {"name": file.name})
    path = _keep(file)
    with transaction.atomic():
        name = (file.name or "upload")[:255]
        run = open_run(source, name=name, now=now)
        upload = Upload.objects.create(
            source=source, run=run, name=name, path=path.name, size=file.size, by=by, at=now
        )
        claims.announce(upload)
        record(
            "sources.hand_in_file", source, by=by, now=now, data={"name": name, "size": file.size}
        )
        changes.note("sources")
    return upload


def _keep(file: "UploadedFile[bytes]") -> Path:
    """Under a name of our own: the one it came with is only shown."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / uuid.uuid4().hex
    try:
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
    except OSError:  # a full disk: a half file would only fill it more
        path.unlink(missing_ok=True)
        raise
    return path


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads"


def poll(now: datetime) -> int:
    """The worker's step: some pieces of one file; how many entries were read."""
    leases = claims.claim(STEP, now=clock.wall(), limit=1, lease=LEASE)
    if not leases:
        return 0
    upload = Upload.objects.select_related("run", "source").filter(pk=leases[0].object_id).first()
    if upload is None or upload.run.finished_at is not None:
        _finish(leases)
        return 0
    before = upload.n_read
    try:
        is_read = _read_some(upload, now=now)
    except OSError as error:
        gone = ConnectorError(f"The file is gone: {error}", code="file_gone", permanent=True)
        close_run(upload.run, now=now, error=gone)
        is_read = True
    if is_read:
        _finish(leases)
        (_folder() / upload.path).unlink(missing_ok=True)
    else:
        claims.give_back(leases)
    return upload.n_read - before


def _read_some(upload: Upload, *, now: datetime) -> bool:
    """Whether the file is at its end."""
    with (_folder() / upload.path).open("rb") as stream:
        entries = read_file(upload.source, stream, now=now)
        for _entry in islice(entries, upload.n_read):
            pass  # taken in by an earlier poll
        for _piece in range(PIECES):
            piece = next_piece(entries)
            with transaction.atomic():
                take_piece(upload.run, piece, now=now)
                upload.n_read += len(piece.entries)
                upload.save(update_fields=["n_read"])
            if piece.is_last:
                close_run(upload.run, now=now, error=piece.error)
                return True
    return False


def _finish(leases: list[Lease]) -> None:
    with transaction.atomic():
        claims.finish(leases)
