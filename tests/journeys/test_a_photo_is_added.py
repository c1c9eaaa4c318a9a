"""R3: a reporter adds photos to what was sent long ago; the desk hears of them and releases what handlers may see."""

import uuid

import pytest
import world


@pytest.fixture
def sent(client, work):
    """A report that was taken and let go: its body, and its code."""
    body = world.report()
    receipt = client.post("/m/v1/reports", json=body)
    assert receipt.status_code == 201, receipt.text
    work()
    return body, receipt.json()["tracking_code"]


def add(client, code, *photos, **changes):
    body = {"id": str(uuid.uuid4()), "tracking_code": code, "kind": "supplement", "text": "", "photos": photos}
    return client.post("/m/v1/answers", json=body | changes)


def manifest(content, sha256):
    return {"id": str(uuid.uuid4()), "sha256": sha256, "bytes": len(content), "capture": "album"}


def upload(client, report, photo, content):
    form = {"photo_id": photo["id"], "report_id": report["id"], "sha256": photo["sha256"]}
    return client.post("/m/v1/photos", data=form, files={"file": ("x.jpg", content, "image/jpeg")})


def tracked(client, code):
    return client.post("/m/v1/tracking", json={"tracking_code": code}).json()


def test_a_photo_is_added_and_reaches_the_desk(client, work, sign_in, sent):
    report, code = sent
    content, sha256 = world.photo((20, 120, 60))
    photo = manifest(content, sha256)
    early = upload(client, report, photo, content)
    assert (early.status_code, early.json()["code"]) == (422, "photo.not_in_manifest")
    taken = add(client, code, photo)
    assert (taken.status_code, taken.json()["photos"]) == (201, [{"id": photo["id"], "state": "expected"}])
    assert upload(client, report, photo, content).json()["state"] == "stored"
    work()
    found = tracked(client, code)
    assert found["photos"] == [{"id": photo["id"], "state": "stored", "reason": None}]
    (line,) = found["thread"]
    assert (line["text"], line["photos"]) == ("", 1)
    desk = sign_in("desk")
    all_unheard = desk.get("/desk/reports", params={"which": "unheard", "limit": 100}).json()["items"]
    (unheard,) = [each for each in all_unheard if each["reference"] == found["reference"]]
    assert any("补充" in each["text"] for each in desk.get("/notices").json()["items"])
    seen = desk.get(f"/desk/reports/{unheard['id']}").json()
    assert [each["photos"] for each in seen["additions"]] == [1]
    assert [each["state"] for each in seen["photos"]] == ["clean"]
    assert desk.desk(unheard["id"], "messages/hearing", {}).json()["unheard_since"] is None


def test_an_answer_may_be_a_photo(client, work, sign_in):
    receipt = client.post("/m/v1/reports", json=world.report(emergency={"answer": "happening"})).json()
    work()
    desk = sign_in("desk")
    (waiting,) = desk.get("/desk/reports").json()["items"]
    assert desk.desk(waiting["id"], "questions", {"text": "请拍一张门口的照片"}).status_code == 201
    question = tracked(client, receipt["tracking_code"])["question"]
    photo = manifest(*world.photo())
    answered = add(client, receipt["tracking_code"], photo, kind="answer", question_id=question["id"])
    assert (answered.status_code, answered.json()["state"]) == (201, "in_review")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "message", "text": "看照片"}, "/photos"),
        ({"kind": "withdrawal"}, "/photos"),
        ({"photos": []}, "/text"),
    ],
)
def test_only_what_is_said_of_the_matter_has_photos(client, sent, changes, pointer):
    refused = add(client, sent[1], manifest(*world.photo()), **changes)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


def test_a_manifest_names_a_photo_once_and_few_of_them(client, sent):
    photo = manifest(*world.photo())
    assert add(client, sent[1], photo, photo).json()["errors"][0]["pointer"] == "/photos"
    assert add(client, sent[1], *(photo | {"id": str(uuid.uuid4())} for _ in range(10))).status_code == 422
    assert tracked(client, sent[1])["photos"] == []


def test_a_report_with_too_many_photos_takes_words(client, sent):
    photo = manifest(*world.photo())
    for _ in range(4):
        assert add(client, sent[1], *(photo | {"id": str(uuid.uuid4())} for _ in range(9))).status_code == 201
    refused = add(client, sent[1], photo)
    assert (refused.status_code, refused.json()["code"]) == (409, "answer.too_many_photos")
    assert len(tracked(client, sent[1])["photos"]) == 36
    assert add(client, sent[1], text="又在堆了").status_code == 201
