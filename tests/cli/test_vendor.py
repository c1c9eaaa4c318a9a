"""The pages' scripts follow their lock, hold no address of a registry, and are served as this set-up fetched them."""

import json

from cli import vendor
from web import assets


def test_every_script_that_pages_send_is_in_place_and_served():
    for name in vendor.SENT:
        fetched = vendor.ROOT / "web" / "vendored" / name
        assert assets.static_file(assets.VERSIONS[name], name).body == fetched.read_bytes()
    assert vendor.is_current(vendor.ROOT, "test")


def test_all_scripts_share_one_version_so_that_they_can_import_each_other():
    scripts = {version for name, version in assets.VERSIONS.items() if name.endswith("js")}
    assert len(scripts) == 1


def test_the_lock_names_each_package_by_its_hash_and_no_address():
    text = (vendor.ROOT / "web" / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]

    assert "resolved" not in text
    assert "://" not in text  # npm also writes whom to give money, as `funding`: take it out
    assert all(each["integrity"].startswith("sha512-") for path, each in packages.items() if path)


def test_a_changed_lock_or_a_lesser_set_up_is_fetched_anew(tmp_path):
    for name in vendor.LOCKS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    vendored = tmp_path / "web" / "vendored"
    vendored.mkdir()
    (vendored / vendor.STAMP).write_text(f"{vendor.stamp(tmp_path)} run\n")

    assert vendor.is_current(tmp_path, "run")
    assert not vendor.is_current(tmp_path, "test")
    (vendored / vendor.STAMP).write_text(f"{vendor.stamp(tmp_path)} test\n")
    assert vendor.is_current(tmp_path, "run")
    (tmp_path / "web" / "package-lock.json").write_text("another")
    assert not vendor.is_current(tmp_path, "test")
