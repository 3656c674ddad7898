"""A fake of `IdentityProvider`: says yes to whatever is asked, and remembers it."""

from collections.abc import Mapping

from carillon.ports import ProviderAddresses, TokenAnswer

TOKENS = {"access_token": "made.up.token", "token_type": "Bearer", "expires_in": 3600}


class FakeProvider:
    """`asked` are the forms that reached its token endpoint; `answer` is what it says to them."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, str]] = []
        self.answer = TokenAnswer(200, TOKENS)

    def addresses(self) -> ProviderAddresses:
        return ProviderAddresses(
            authorize_url="https://sign-in.test/oauth2/authorize",
            token_url="https://sign-in.test/oauth2/token",
            logout_url="https://sign-in.test/logout",
        )

    def exchange(self, form: Mapping[str, str]) -> TokenAnswer:
        self.asked.append(form)
        return self.answer
