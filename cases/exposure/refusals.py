"""Why something is not put before the public, or not yet."""

from kit.errors import Conflict, Invalid, NotAllowed, NotFound


class NoSuchExposure(NotFound):
    """There is no such exposure."""

    code = "exposure.unknown"


class NoSuchCorrection(NotFound):
    """This exposure has no such correction."""

    code = "exposure.correction_unknown"


class AlreadyProposed(Conflict):
    """A correction of this exposure waits for a lawyer already (E9)."""

    code = "exposure.correction_waits"


class AlreadyPublic(Conflict):
    """Its moment has come, or is about to: it is withdrawn, and not called back."""

    code = "exposure.already_public"


class NotPublicYet(Conflict):
    """It waits for its moment: it is called back, and not withdrawn or corrected."""

    code = "exposure.not_public_yet"


class BadRelease(Invalid):
    """A moment of release that is too soon or too late."""

    code = "exposure.release"
    pointer = "/released_at"


class NoSuchBatch(NotFound):
    """There is no such batch."""

    code = "exposure.batch_unknown"


class IssueTaken(Conflict):
    """Another batch has this number."""

    code = "exposure.issue_taken"


class InBatch(Conflict):
    """It appears with others, or not at all (M83): the batch is called back."""

    code = "exposure.in_batch"


class NoSuchNotice(NotFound):
    """This exposure has no such notice to its party."""

    code = "exposure.notice_unknown"


class NotApproved(Conflict):
    """The party is told of what is approved, and objects to that until it is published."""

    code = "exposure.not_approved"


class PartyToldAlready(Conflict):
    """The party was told of what is approved now."""

    code = "exposure.party_told"


class PartyNotTold(Conflict):
    """Whoever is named is told in writing beforehand (E6, F70)."""

    code = "exposure.party_not_told"


class ObjectionTime(Conflict):
    """The party may still object (E6)."""

    code = "exposure.objection_time"


class ObjectionOpen(Conflict):
    """The party has objected and was not answered (E6)."""

    code = "exposure.objection_open"


class BadTime(Invalid):
    """It was not approved yet then, the party was not told yet, or it is still to come."""

    code = "exposure.time"


class NoGround(Conflict):
    """The case does not stand on this ground (E1)."""

    code = "exposure.no_ground"


class NothingToRefuse(Conflict):
    """The case is over, its verdict did not decide to expose it, or something has come of that already (M50)."""

    code = "exposure.nothing_to_refuse"
    message = "No exposure of this case waits to be drafted or refused."


class TooEarly(Conflict):
    """Not before the working days after the visit that protect the source (E5)."""

    code = "exposure.too_early"


class SourceAtRisk(Conflict):
    """So few people could know this that publishing would name the reporter (E5)."""

    code = "exposure.source_at_risk"


class BadWording(Invalid):
    """The text says that somebody reported (E5)."""

    code = "exposure.wording"
    pointer = "/body"


class NotReviewed(Invalid):
    """Each of basis, accuracy, privacy and proportionality must be ticked (E6)."""

    code = "exposure.not_reviewed"
    pointer = "/review"


class SamePerson(NotAllowed):
    """Whoever drafts or publishes does not review (C2)."""

    code = "exposure.same_person"
