"""Importing clients in the admin page: dropped, followed, mended and dropped again."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from local.stack import LocalStack
from tests.browser.signing_in import show, sign_in
from tests.e2e.operator import Operator

NEW = "#/clients/import"
READ_LIMIT_MS = 20_000
HEADER = "phone,operator_code,tags,timezone"
ROWS = [f"7902{n:07d},,dropped,Europe/Moscow" for n in range(20)]


def test_refused_rows_are_mended_and_dropped_again(
    signed_in: Page, stack: LocalStack, tmp_path: Path
) -> None:
    bad = ["790299,,,Europe/Moscow", "79020000099,9,dropped,Mars/Base"]
    _begin(signed_in)

    _drop(signed_in, "clients.csv", [HEADER, *ROWS, ROWS[0], *bad])

    _finished(signed_in, {"Rows": 23, "Added": 20, "Updated": 1, "Refused": 2})
    refused = signed_in.get_by_role("table", name="Refused rows").get_by_role("row")
    expect(refused.nth(1)).to_contain_text("23")
    expect(refused.nth(1)).to_contain_text("The phone must be 7 and ten more digits")
    expect(refused.nth(2)).to_contain_text("The operator code must be three digits; the time zone")

    with signed_in.expect_download() as download:
        signed_in.get_by_role("button", name="Download refused rows").click()
    download.value.save_as(tmp_path / "refused.csv")
    text = (tmp_path / "refused.csv").read_text(encoding="utf-8")
    first = signed_in.url
    mended = text.replace("790299,", "79020000098,").replace(",9,", ",902,")
    _drop(signed_in, "refused.csv", mended.replace("Mars/Base", "Asia/Omsk").splitlines())

    expect(signed_in).not_to_have_url(first)
    _finished(signed_in, {"Rows": 2, "Added": 2, "Updated": 0, "Refused": 0})
    expect(signed_in.get_by_text("All rows were taken.")).to_be_visible()
    added = Operator(stack, "dropped").get("/clients?phone=79020000099")["items"]
    assert [each["timezone"] for each in added] == ["Asia/Omsk"]

    show(signed_in, first[first.index("#") :])
    _finished(signed_in, {"Rows": 23, "Added": 20, "Updated": 1, "Refused": 2})


def test_what_cannot_be_right_is_refused_before_it_is_sent(signed_in: Page) -> None:
    _begin(signed_in)
    asked: list[str] = []
    signed_in.on("request", lambda request: asked.append(request.method))
    chosen = signed_in.get_by_label("Choose a file")

    chosen.set_input_files(
        {"name": "clients.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04"}
    )
    expect(signed_in.get_by_role("alert").filter(has_text="This is a spreadsheet")).to_be_visible()
    _drop(signed_in, "empty.csv", [])
    expect(signed_in.get_by_role("alert").filter(has_text="The file is empty")).to_be_visible()
    _drop(signed_in, "other.csv", ["name,age", "Ann,30"])
    expect(signed_in.get_by_role("alert").filter(has_text="phone and timezone")).to_be_visible()
    assert "POST" not in asked
    with signed_in.expect_download() as download:
        signed_in.get_by_role("button", name="Download a template").click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith(HEADER)


def test_an_import_that_failed_says_why_and_what_to_do(signed_in: Page) -> None:
    _begin(signed_in)
    _drop(signed_in, "strange.csv", ["phone,timezone,birthday", "79020000001,UTC,1.1."])

    failed = signed_in.locator("[data-phase=failed]")
    expect(failed).to_contain_text("does not name the columns as it should", timeout=READ_LIMIT_MS)
    expect(failed).to_contain_text("“birthday” is no column")
    expect(signed_in.get_by_label("Choose a file")).to_be_attached()


def test_an_import_whose_file_never_came_says_so(signed_in: Page, stack: LocalStack) -> None:
    awaiting = Operator(stack, "awaiting").call("POST", "/imports").json()
    show(signed_in, f"{NEW}/{awaiting['id']}")
    expect(signed_in.locator("[data-phase=awaiting]")).to_contain_text("still awaits its file")

    over = awaiting | {"status": "failed", "reason": "not_uploaded", "upload": None}
    signed_in.route("**/api/v1/imports/*", lambda route: route.fulfill(json=over))
    expect(signed_in.locator("[data-phase=failed]")).to_contain_text("No file came within the hour")
    signed_in.unroute("**/api/v1/imports/*")


def test_an_upload_that_breaks_off_is_tried_again(
    window: BrowserContext, stack: LocalStack
) -> None:
    page = window.new_page()  # the console tells of the lost connection, as it should
    sign_in(page, stack, NEW)
    bucket = re.compile(re.escape(stack.outputs["UploadsBucket"]))
    page.route(bucket, lambda route: route.abort())
    _drop(page, "again.csv", [HEADER, "79020000200,,,UTC"])

    expect(page.locator("[data-phase=broken]")).to_contain_text("nobody is added twice")
    page.unroute(bucket)
    page.get_by_role("button", name="Try again").click()
    _finished(page, {"Rows": 1, "Added": 1, "Updated": 0, "Refused": 0})
    page.close()


def test_an_upload_is_stopped_by_hand(signed_in: Page, stack: LocalStack) -> None:
    bucket = re.compile(re.escape(stack.outputs["UploadsBucket"]))
    signed_in.route(bucket, lambda _: None)  # nothing ever comes of it
    _begin(signed_in)
    _drop(signed_in, "slow.csv", [HEADER, "79020000300,,,UTC"])

    expect(signed_in.locator("[data-phase=sending]")).to_contain_text("Uploading slow.csv")
    signed_in.get_by_role("button", name="Stop the upload").click()
    expect(signed_in.get_by_text("The upload was stopped; nothing was imported.")).to_be_visible()
    expect(signed_in).to_have_url(re.compile(f"{NEW}$"))
    signed_in.unroute(bucket)


def _begin(page: Page) -> None:
    """A new import; one that was shown before has a place to drop files, too, and is gone."""
    show(page, NEW)
    expect(page.get_by_role("heading", name="What the file looks like")).to_be_visible()


def _drop(page: Page, name: str, lines: list[str]) -> None:
    """Let go of a file over the page."""
    dropped = page.evaluate_handle(
        """([name, text]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([text], name, {type: "text/csv"}));
            return transfer;
        }""",
        [name, "".join(f"{each}\r\n" for each in lines)],
    )
    expect(page.locator(".drop")).to_have_attribute("aria-busy", "false")
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": dropped})


def _finished(page: Page, figures: dict[str, int]) -> None:
    """It ends well, and its figures are these."""
    done = page.locator("[data-phase=finished]")
    expect(done).to_be_visible(timeout=READ_LIMIT_MS)
    expect(done.locator(".figures > div")).to_have_text(
        [f"{name}{number}" for name, number in figures.items()]
    )
