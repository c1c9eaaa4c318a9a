"""Every list of the officers' API can be read to its end."""

from api.app import create_app

PREFIX = "/o/v1/"


def test_a_list_with_a_limit_has_a_cursor():
    """Else what stands below the first hundred rows could never be seen."""
    paths = create_app().openapi()["paths"]
    limited = {
        path: {parameter["name"] for parameter in acts["get"].get("parameters", ())}
        for path, acts in paths.items()
        if path.startswith(PREFIX) and "get" in acts
    }

    assert [path for path, words in limited.items() if "limit" in words and "after" not in words] == []
    assert sum("limit" in words for words in limited.values()) > 10
