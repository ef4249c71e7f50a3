"""The door: passwords, codes, waiting after wrong answers, and sessions that end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest
from httpx import Response

from bot.staff import accounts, second_factor
from bot.staff.accounts import Account
from bot.staff.accounts_tables import accounts as accounts_table
from bot.staff.accounts_tables import sessions as sessions_table
from bot.staff.roles import Role
from tests.staff.world import PASSWORD, Clock, Visitor, World

EMAIL = "anna@clinic.example"
WRONG = "The e-mail address or the password is not right."


@pytest.fixture
def anna(world: World) -> Account:
    return world.person(Role.SUPPORT, email=EMAIL, name="Anna Berg")


def sign_in(visitor: Visitor, email: str = EMAIL, password: str = PASSWORD, **fields: str) -> Response:
    return visitor.send("/sign-in", {"email": email, "password": password, **fields}, page="/sign-in")


def place(response: Response) -> tuple[int, str]:
    """Where a person ended up."""
    return response.status_code, response.url.path


def test_email_and_password_lead_in(world: World, anna: Account) -> None:
    assert place(sign_in(world.nobody(), email=" Anna@Clinic.Example ")) == (200, "/look-up")
    assert world.done() == [(EMAIL, "signed in", f"account:{anna.id}")]


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "not this one"), ("ben@clinic.example", PASSWORD), ("", ""), (EMAIL, PASSWORD + " ")],
)
def test_what_is_wrong_is_not_told(world: World, anna: Account, email: str, password: str) -> None:
    answer = sign_in(world.nobody(), email, password)
    assert (answer.status_code, WRONG in answer.text) == (401, True)


def test_a_closed_account_does_not_lead_in(world: World, anna: Account) -> None:
    with world.change() as connection:
        accounts.set_active(connection, anna.id, False)
    assert sign_in(world.nobody()).status_code == 401


def test_the_password_does_not_come_back_in_the_page(world: World, anna: Account) -> None:
    assert "not this one" not in sign_in(world.nobody(), password="not this one").text


@pytest.mark.parametrize(
    ("wanted", "comes_to"),
    [
        ("/account", "/account"),
        ("/look-up?q=foot", "/look-up"),
        ("https://evil.example/", "/look-up"),
        ("//evil.example", "/look-up"),
        ("/\\evil.example", "/look-up"),
        ("javascript:alert(1)", "/look-up"),
        ("", "/look-up"),
    ],
)
def test_after_the_door_one_comes_to_the_page_one_wanted_and_never_to_another_site(
    world: World, anna: Account, wanted: str, comes_to: str
) -> None:
    answer = sign_in(world.nobody(), next=wanted)
    assert (answer.url.host, *place(answer)) == ("localhost", 200, comes_to)


def test_a_page_asked_for_by_nobody_leads_to_the_door_and_then_back(world: World, anna: Account) -> None:
    visitor = world.nobody()
    door = visitor.get("/look-up?q=heel")
    assert (door.url.path, door.url.params["next"]) == ("/sign-in", "/look-up?q=heel")
    assert "heel" in sign_in(visitor, next=door.url.params["next"]).url.query.decode()


def test_a_browser_gets_another_token_when_it_signs_in(world: World, anna: Account) -> None:
    visitor = world.nobody()
    visitor.get("/sign-in")
    before = visitor.client.cookies["clonus_staff"]
    sign_in(visitor)
    assert visitor.client.cookies["clonus_staff"] != before


def test_wrong_answers_cost_a_longer_wait_each(world: World, anna: Account, clock: Clock) -> None:
    visitor = world.nobody()
    for _ in range(5):
        assert sign_in(visitor, password="not this one").status_code == 401
    refused = sign_in(visitor)
    assert (refused.status_code, "Try again in 15 seconds." in refused.text) == (429, True)
    clock.pass_by(16)
    assert sign_in(visitor, password="not this one").status_code == 401
    assert "Try again in 30 seconds." in sign_in(visitor).text
    clock.pass_by(31)
    assert place(sign_in(visitor)) == (200, "/look-up")
    assert sign_in(world.nobody(), password="not this one").status_code == 401


def test_the_wait_never_gets_longer_than_a_quarter_of_an_hour(world: World, anna: Account, clock: Clock) -> None:
    visitor = world.nobody()
    for _ in range(15):
        sign_in(visitor, password="not this one")
        clock.pass_by(15 * 60 + 1)
    sign_in(visitor, password="not this one")
    assert "Try again in 15 minutes." in sign_in(visitor).text


def test_an_account_that_does_not_exist_makes_one_wait_alike(world: World, anna: Account) -> None:
    for _ in range(5):
        sign_in(world.nobody(), "nobody@clinic.example")
    assert sign_in(world.nobody(), "nobody@clinic.example").status_code == 429


def test_an_address_that_guesses_at_many_accounts_waits_for_all(world: World, anna: Account) -> None:
    for number in range(20):
        assert sign_in(world.nobody(), f"guess{number}@clinic.example").status_code == 401
    assert sign_in(world.nobody()).status_code == 429


def test_many_guesses_sent_at_once_count_as_many(world: World, anna: Account) -> None:
    visitors = [world.nobody() for _ in range(12)]
    tokens = [visitor.token("/sign-in") for visitor in visitors]

    def guess(number: int) -> int:
        said = {"csrf": tokens[number], "email": EMAIL, "password": f"guess number {number}"}
        return visitors[number].client.post("/sign-in", data=said).status_code

    with ThreadPoolExecutor(12) as at_once:
        answers = sorted(at_once.map(guess, range(12)))
    assert answers == [401] * 5 + [429] * 7


def test_people_of_one_clinic_who_sign_in_rightly_do_not_make_each_other_wait(world: World, anna: Account) -> None:
    assert {place(sign_in(world.nobody())) for _ in range(25)} == {(200, "/look-up")}


def test_signing_out_ends_this_browser_only(world: World, anna: Account) -> None:
    here, there = world.signed_in(anna), world.signed_in(anna)
    assert here.send("/sign-out").url.path == "/sign-in"
    assert (here.get("/account").url.path, there.get("/account").url.path) == ("/sign-in", "/account")


def test_signing_out_everywhere_ends_all(world: World, anna: Account) -> None:
    here, there = world.signed_in(anna), world.signed_in(anna)
    here.send("/account/sign-out-everywhere")
    assert [visitor.get("/account").url.path for visitor in (here, there)] == ["/sign-in"] * 2
    assert world.log()[-1].action == "signed out everywhere"
    assert world.log()[-1].details == {"sessions": 2}


def test_a_session_ends_after_a_while_without_a_page_and_after_a_day_at_work(
    world: World, anna: Account, clock: Clock
) -> None:
    visitor = world.signed_in(anna)
    clock.pass_by(119 * 60)
    assert visitor.get("/account").url.path == "/account"
    clock.pass_by(119 * 60)
    assert visitor.get("/account").url.path == "/account"
    clock.pass_by(121 * 60)
    assert visitor.get("/account").url.path == "/sign-in"
    visitor = world.signed_in(anna)
    for _ in range(12):
        clock.pass_by(60 * 60)
        assert visitor.get("/account").url.path == "/account"
    clock.pass_by(60)
    assert visitor.get("/account").url.path == "/sign-in"


def test_what_pages_renew_by_themselves_does_not_keep_a_session_alive(
    world: World, anna: Account, clock: Clock
) -> None:
    visitor = world.signed_in(anna)
    for _ in range(2):
        clock.pass_by(61 * 60)
        last = visitor.get("/look-up/results", headers={"X-Part": "1"}, follow_redirects=False)
    assert last.status_code == 401


def test_only_hashes_of_tokens_and_passwords_are_kept(world: World, anna: Account) -> None:
    token = world.session(anna)
    kept = [row["token_hash"] for row in world.rows(sessions_table.select())]
    assert len(kept) == 1
    assert token not in kept
    assert world.rows(accounts_table.select())[0]["password_hash"].startswith("$argon2id$")


@pytest.fixture
def secret(world: World, anna: Account) -> str:
    """Anna's second factor, turned on; its secret."""
    with world.change() as connection:
        secret = second_factor.begin(connection, world.console.key, anna.id)
        second_factor.turn_on(connection, anna.id)
    return secret


def code(secret: str, clock: Clock, steps: int = 0) -> str:
    """What the phone shows now, or some half minutes away."""
    return pyotp.TOTP(secret).at(int(clock.now) + 30 * steps)


def test_with_a_second_factor_the_password_alone_opens_nothing(world: World, secret: str) -> None:
    visitor = world.nobody()
    assert place(sign_in(visitor, next="/account")) == (200, "/sign-in/code")
    assert visitor.get("/account").url.path == "/sign-in"


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_code_of_the_phone_leads_in_also_when_its_clock_is_a_little_wrong(
    world: World, secret: str, clock: Clock, steps: int
) -> None:
    visitor = world.nobody()
    sign_in(visitor)
    said = {"code": code(secret, clock, steps), "next": "/account"}
    assert place(visitor.send("/sign-in/code", said, page="/sign-in/code")) == (200, "/account")


@pytest.mark.parametrize("steps", [-3, 3])
def test_an_old_or_a_later_code_does_not(world: World, secret: str, clock: Clock, steps: int) -> None:
    visitor = world.nobody()
    sign_in(visitor)
    said = {"code": code(secret, clock, steps)}
    assert visitor.send("/sign-in/code", said, page="/sign-in/code").status_code == 401


def test_a_code_works_once(world: World, secret: str, clock: Clock) -> None:
    first, second = world.nobody(), world.nobody()
    for visitor in (first, second):
        sign_in(visitor)
    said = {"code": code(secret, clock)}
    answers = [visitor.send("/sign-in/code", said, page="/sign-in/code") for visitor in (first, second)]
    assert [answer.status_code for answer in answers] == [200, 401]


def test_guessing_codes_makes_one_wait(world: World, secret: str) -> None:
    visitor = world.nobody()
    sign_in(visitor)
    tries = [visitor.send("/sign-in/code", {"code": "000000"}, page="/sign-in/code") for _ in range(6)]
    assert [answer.status_code for answer in tries] == [401] * 5 + [429]


def test_the_code_must_come_within_ten_minutes(world: World, secret: str, clock: Clock) -> None:
    visitor = world.nobody()
    sign_in(visitor)
    token = visitor.token("/sign-in/code")
    clock.pass_by(601)
    said = {"csrf": token, "code": code(secret, clock)}
    assert visitor.client.post("/sign-in/code", data=said).url.path == "/sign-in"


def test_a_second_factor_is_set_up_turned_on_and_off(world: World, anna: Account, clock: Clock) -> None:
    visitor = world.signed_in(anna)
    assert "not right" in visitor.send("/account/second-factor", {"password": "wrong"}).text
    page = visitor.send("/account/second-factor", {"password": PASSWORD})
    secret = page.text.split('<code class="key">')[1].split("<")[0].replace(" ", "")
    picture = visitor.get("/account/second-factor/code.svg")
    assert (picture.headers["content-type"], picture.text.startswith("<svg")) == ("image/svg+xml", True)
    wrong = visitor.send("/account/second-factor/on", {"code": "000000"}, page="/account/second-factor")
    assert wrong.status_code == 422
    codes_page = visitor.send("/account/second-factor/on", {"code": code(secret, clock)}, page="/account/second-factor")
    codes = [part.split("<")[0] for part in codes_page.text.split("<li><code>")[1:]]
    assert len(set(codes)) == 10
    assert secret not in str(world.rows(accounts_table.select()))

    back = world.nobody()
    sign_in(back)
    assert place(back.send("/sign-in/code", {"code": codes[3].upper()}, page="/sign-in/code")) == (200, "/look-up")
    again = world.nobody()
    sign_in(again)
    assert again.send("/sign-in/code", {"code": codes[3]}, page="/sign-in/code").status_code == 401
    assert "You have 9 recovery codes left." in visitor.get("/account").text

    visitor.send("/account/second-factor/off", {"password": PASSWORD})
    assert place(sign_in(world.nobody())) == (200, "/look-up")
    assert [action for _, action, _ in world.done()] == [
        "password refused", "second factor begun", "second factor on", "recovery code used", "signed in",
        "sign-in refused", "second factor off", "signed in",
    ]  # fmt: skip
