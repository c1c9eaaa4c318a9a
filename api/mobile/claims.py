"""POST /m/v1/claims: whoever holds both secrets of a report is given vouchers (C11)."""

from fastapi import Request, Response

from api.dependencies import CitizenSession, Now, host_of
from api.errors import wants_english
from api.rights import reporter
from api.routes import citizens_router
from cases import intake, policy, rewarding
from cases.intake.codes import collection_code, grouped, number_as_read
from cases.models.reward import Voucher as Stored
from mobile_contract.v1.claim import ClaimIn, ClaimReceipt, Voucher

router = citizens_router()


@router.post("/claims", status_code=201, name="claim_reward")
@reporter
def claim_reward(
    body: ClaimIn, request: Request, response: Response, session: CitizenSession, now: Now
) -> ClaimReceipt:
    """Claim the reward of a report, with or without a name."""
    intake.slow_guessing(host_of(request), now=now)
    response.headers["Cache-Control"] = "no-store"
    claimed = rewarding.Claim(body.tracking_code, body.claim_secret, body.declares_no_duty, body.id_number)
    report, vouchers, replay = rewarding.claim(session, claimed, now=now)
    response.status_code = 200 if replay else 201
    where = policy.value(session, "reward_paid_where", now)
    return ClaimReceipt(
        reference=report.reference, vouchers=[_told(voucher) for voucher in vouchers],
        where=where["en" if wants_english(request) else "zh"], replay=replay,
    )  # fmt: skip


def _told(voucher: Stored) -> Voucher:
    return Voucher(
        number=number_as_read(voucher.number), collection_code=grouped(collection_code(voucher.id)),
        amount_yuan=voucher.amount_fen // 100,
    )  # fmt: skip
