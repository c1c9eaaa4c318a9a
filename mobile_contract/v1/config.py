"""What an app needs before its first screen: catalogue, limits, notice, numbers (ecosystem 1.5 "Bootstrap")."""

from datetime import date

from mobile_contract.v1.base import Outgoing, Words
from mobile_contract.v1.enums import BannerLevel, BasemapKind


class CategoryGroup(Outgoing):
    """A shelf of categories: one of the first choices on a phone."""

    code: str
    zh: str
    en: str
    icon: str | None = None


class Category(Outgoing):
    """One kind of hazard (catalogue (d))."""

    code: str
    group: str
    """Code of a group."""
    zh: str
    en: str
    initials: str = ""
    """Pinyin initials of `zh`, to search by."""
    icon: str | None = None
    danger: bool
    """Life-threatening: show `safety_text` and the emergency numbers before anything else."""
    safety_text: Words | None = None
    """What to do and not to do while there."""


class Limits(Outgoing):
    """What the server takes."""

    photos: int
    """Photos per report."""
    photo_bytes: int
    """Bytes per photo."""
    photo_pixels: int
    """Width times height per photo."""
    photo_types: list[str]
    """Media types."""
    text_chars: int
    text_chars_without_photo: int
    """The least a report without photo must say."""
    address_chars: int
    uploads_at_once: int
    """Photos sent side by side."""
    shrink_to_px: int
    """Long edge an app should shrink to before sending."""


class EmergencyNumber(Outgoing):
    """A number to dial, and for what."""

    number: str
    zh: str
    en: str


class Banner(Outgoing):
    """A message above everything."""

    level: BannerLevel
    text: Words


class Basemap(Outgoing):
    """Where the map under our boundaries comes from; `none` means nothing outside is asked."""

    kind: BasemapKind
    url: str | None = None
    attribution: str | None = None
    max_zoom: int | None = None


class Features(Outgoing):
    """What is switched on here."""

    photos: bool
    video: bool


class Push(Outgoing):
    """How a device may be told that there is news of a report."""

    web_push_key: str
    """`applicationServerKey` for `PushManager.subscribe`. When it changes, subscribe anew."""


class Notice(Outgoing):
    """What is done with a report's data. Shown and accepted before the first report (PIPL; M115)."""

    version: str
    """Goes into `ReportIn.notice_version`."""
    effective_on: date
    text: Words


class District(Outgoing):
    """Whose service this is."""

    code: str
    name: Words


class Config(Outgoing):
    """Public, the same for everybody, cacheable by its ETag."""

    version: str
    """Changes whenever anything below changes."""
    district: District
    groups: list[CategoryGroup]
    categories: list[Category]
    """In the order to show."""
    limits: Limits
    crs: list[str]
    """Datums that `PositionIn.crs` may name."""
    emergency_numbers: list[EmergencyNumber]
    emergency_text: Words | None = None
    """What to say when the emergency question is answered with anything but `none`."""
    photo_guidance: Words | None = None
    """What to say at the camera."""
    banner: Banner | None
    minimum_versions: dict[str, str]
    """Client name to the oldest version that still works; older ones should ask to be updated, and still send."""
    basemap: Basemap
    features: Features
    push: Push | None = None
    """Null where nothing is pushed."""
    notice: Notice
    poll_after_s: int
    """Seconds before asking again."""
