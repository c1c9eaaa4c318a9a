"""Rows say whether their bars hold, and stand in one table that lines up."""

import json
from datetime import UTC, datetime

import pytest

from bench import command
from bench.table import Bar, Row, as_json, as_markdown, beside

MUST, AIM = Bar("≥", 0.4), Bar("≥", 0.7)


@pytest.mark.parametrize(("figure", "verdict"), [(80, "aim"), (70, "aim"), (69, "must"), (40, "must"), (39, "no")])
def test_a_rate_meets_its_aim_its_bar_or_neither(figure, verdict):
    assert beside("x", "/s", figure, 100, must=MUST, aim=AIM).verdict == verdict


@pytest.mark.parametrize(("figure", "verdict"), [(100, "must"), (101, "no")])
def test_a_cost_must_stay_below_its_bar(figure, verdict):
    assert beside("x", "ms", figure, 100, must=Bar("≤", 1.0)).verdict == verdict


def test_a_row_without_a_bar_has_no_verdict():
    assert beside("x", "/s", 1, 2).verdict == ""


def test_every_line_of_the_table_is_as_wide_also_with_chinese_in_it():
    rows = [beside("路径", "/s", 1234.5, 2469, must=MUST, notes={"p95 ms": 4.25}), beside("feed", "µs", 0.5, 1)]

    head, rule, first, second = as_markdown(rows).splitlines()

    assert "1,234 /s (p95 ms 4.25)" in first
    assert "≥ 0.40" in first
    assert "0.50" in first
    assert "| must |" in first
    assert len(head) == len(rule) == len(second) == len(first) + 2


def test_a_result_is_kept_as_numbers_and_as_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")
    rows = [Row("intake", "/s", 10, 20, 0.5, must=MUST, aim=AIM)]

    path = command.write(rows, {"processors": 2}, now=datetime(2026, 11, 24, 2, 5, tzinfo=UTC))

    kept = json.loads(path.read_text())
    assert path.name == "2026-11-24-0205.json"
    assert kept["rows"] == as_json(rows)
    assert kept["rows"][0]["verdict"] == "must"
    assert as_markdown(rows) in path.with_suffix(".md").read_text()
