"""Videos in the page: nothing is asked of anybody before a click, and a host that forbids players is obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route
    from tests.browser.conftest import Host

pytestmark = pytest.mark.browser

ENTRY = """\
---
title: Ring
yt: [https://youtu.be/abcDEF_1234?t=144]
---
A set with two operations, see [yt].

A film: [yt](https://vimeo.com/76979871), a page about films: [yt](https://example.org/films).
"""
PLAYER = "https://www.youtube-nocookie.com/embed/abcDEF_1234?autoplay=1&start=144"
ALLOWED, FORBIDDEN = "/players/", "/no-players/"


@pytest.fixture(scope="module")
def address(host: Host, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A site with players, served once as it wants and once by a host that forbids them."""
    folder = tmp_path_factory.mktemp("players")
    (folder / "content").mkdir()
    (folder / "content/site.yaml").write_text("videos: player\n")
    (folder / "content/ring.md").write_text(ENTRY)
    for base in (ALLOWED, FORBIDDEN):
        host.add(base, publish(folder, folder / base.strip("/"), base))
    host.headers[FORBIDDEN] = host.headers["/sampler/"]
    return f"http://127.0.0.1:{host.server_port}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose requests to elsewhere are answered here, and noted as `elsewhere`."""
    one = browser.new_page()
    one.set_default_timeout(10_000)
    yield one
    one.close()


def elsewhere(page: Page) -> list[str]:
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url.startswith("http://127.0.0.1"):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.fulfill(body="<title>film</title>", content_type="text/html")

    page.route("**/*", answer)
    return asked


def test_a_video_opens_in_the_page_when_it_is_clicked(page: Page, address: str) -> None:
    asked = elsewhere(page)
    page.goto(f"{address}{ALLOWED}terms/ring/")
    page.wait_for_load_state("networkidle")
    assert asked == []
    link = page.locator("article p a.v").first
    with page.expect_response(PLAYER):
        link.click()
    frame = page.locator(".player iframe")
    expect(frame).to_have_attribute("src", PLAYER)
    expect(frame).to_have_attribute("title", str(link.get_attribute("aria-label")))
    page.wait_for_timeout(200)
    assert asked == [PLAYER]
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    link.click()
    assert frame.count() == 1, "a second click leads to the player that is there"
    page.locator(".player button").click()
    assert frame.count() == 0
    assert link.evaluate("link => link === document.activeElement")


def test_a_video_is_opened_and_closed_by_keyboard(page: Page, address: str) -> None:
    elsewhere(page)
    page.goto(f"{address}{ALLOWED}terms/ring/")
    link = page.locator("article p a.v").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".player iframe")).to_be_focused()
    close = page.locator(".player button")
    for _ in range(5):
        if close.evaluate("one => one === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(close).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".player")).to_have_count(0)
    expect(link).to_be_focused()


def test_films_have_their_player_and_other_addresses_are_links(page: Page, address: str) -> None:
    asked = elsewhere(page)
    page.goto(f"{address}{ALLOWED}terms/ring/")
    page.locator("article p a.v").nth(1).click()
    expect(page.locator(".player iframe")).to_have_attribute(
        "src", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"
    )
    page.locator("article p a.v").nth(2).click()
    page.wait_for_url("https://example.org/films")
    assert "https://example.org/films" in asked


def test_where_the_host_forbids_players_the_link_leads_to_the_video(page: Page, address: str) -> None:
    elsewhere(page)
    page.goto(f"{address}{FORBIDDEN}terms/ring/")
    page.locator("article p a.v").first.click()
    page.wait_for_url("https://youtu.be/abcDEF_1234?t=144")


def test_with_a_modifier_it_is_a_link(page: Page, address: str) -> None:
    elsewhere(page)
    page.goto(f"{address}{ALLOWED}terms/ring/")
    with page.context.expect_page() as opened:
        page.locator("article p a.v").first.click(modifiers=["ControlOrMeta"])
    opened.value.close()
    assert page.locator(".player").count() == 0


def test_a_site_that_does_not_want_players_has_none(host: Host) -> None:
    home = (host.sites["/sampler/"] / "index.html").read_text("utf-8")
    assert "data-players" not in home
