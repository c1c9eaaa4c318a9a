"""The reference for WeChat runs with a `wx` that keeps to WeChat's limits, alone and against the service itself."""

from pathlib import Path

from api.app import create_app
from tests.mobile_contract.journeys import picture
from tests.node import node
from tests.serving import serving

HERE = Path(__file__).parent / "wechat"


def test_the_queue_keeps_to_the_limits_and_loses_nothing():
    node("--test", HERE / "queue.test.js")


def test_it_empties_itself_into_the_service_over_a_bad_network(database_url, tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture().content)

    with serving(create_app(), proxy_headers=False) as port:
        node(
            "--test", HERE / "service.test.js",
            env={"JZ_BASE": f"http://127.0.0.1:{port}", "JZ_PHOTO": str(photo)},
        )  # fmt: skip
