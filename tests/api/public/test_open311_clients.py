"""A client that people have, unmodified and over a socket: georeport of PyPI."""

import pytest
from georeport import GeoReport

from kit import clock


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport_reads_services_and_requests(served, publish, form):
    at = clock.now()
    made = {publish(published_at=at, updated_at=at) for _ in range(2)}
    client = GeoReport(f"{served}/open311/v2", jurisdiction="127.0.0.1", output_format=form)
    services = client.get_service_list()
    assert len(services) == 27
    assert "FIR-01" in [each["service_code"] for each in services]
    assert client.get_service_definition("FIR-01")["service_code"] == "FIR-01"
    listed = client.get_service_requests(service_code="FIR-01", status="open")
    assert {each["service_request_id"] for each in listed} == made
    one = client.get_service_request(listed[0]["service_request_id"])
    assert one == listed[0]
    assert float(one["lat"]) == 31.3776
    assert client.get_service_requests(service_request_id=",".join(made)) == listed
