"""`fingerprints`: note what the seed files say now, so that the next update knows it was shipped (X32)."""

import json

from cases.policy import defaults, shipped


def fingerprints() -> None:
    """Add to fingerprints.json what is not there yet, the newest last."""
    before = shipped.shipped()
    after = noted(before)
    if after == before:
        print("fingerprints.json is as it was.")
        return
    text = json.dumps(after, ensure_ascii=False, indent=1) + "\n"
    shipped.FINGERPRINTS.write_text(text, encoding="utf-8")
    print("wrote fingerprints.json")


def noted(before: dict[str, dict[str, list[str]]]) -> dict[str, dict[str, list[str]]]:
    """Every fingerprint of before, and those of the seed files as they are."""
    after = {table: {key: list(known) for key, known in keys.items()} for table, keys in before.items()}
    for table, key, said in defaults.fingerprints_now():
        known = after.setdefault(table, {}).setdefault(key, [])
        if known[-1:] != [said]:
            known[:] = [*(each for each in known if each != said), said]
    return {table: dict(sorted(keys.items())) for table, keys in sorted(after.items())}
