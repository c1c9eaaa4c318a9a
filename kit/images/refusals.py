"""Why a photo is not taken: three names that the phone can explain."""

from kit.errors import Invalid, Unavailable, Unsupported


class PhotoType(Unsupported):
    """Not a still photo in JPEG, PNG, WebP or HEIC, whatever its name says."""

    code = "photo.type"
    message = "Only still photos in JPEG, PNG, WebP or HEIC are taken."


class PhotoPixels(Invalid):
    """Too small to show anything, or too large to be a phone's; `width` and `height` in `extra`."""

    code = "photo.pixels"
    message = "The photo has too few or too many pixels."


class PhotoBroken(Invalid):
    """Torn off, or not what its own header says; the same bytes will be refused again."""

    code = "photo.broken"
    message = "The photo is damaged; take it again or choose another."


class PhotoWaits(Unavailable):
    """The machine could not look at the photo in time; nothing is known against it."""

    code = "photo.waits"
    message = "The photo could not be processed at the moment."
