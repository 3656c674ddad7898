"""The settings of imports, as part of a deployment's environment."""

from pydantic import BaseModel, ConfigDict, field_validator

from infra.limits import Concurrency, FunctionTimeoutS
from infra.sign_in_settings import ORIGIN


class ImportSettings(BaseModel):
    """How many files are read at once, and where browsers put them."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    import_concurrency: Concurrency = 2
    """Imports at once; each makes way for the next one after 20 seconds, and goes on later."""

    importer_timeout_s: FunctionTimeoutS = 120
    """The importer's function timeout; an import goes on in a new invocation before it is over."""

    uploads_url: str | None = None
    """The origin that browsers upload files to, if it is not the bucket's own."""

    @field_validator("uploads_url")
    @classmethod
    def _is_an_origin(cls, url: str | None) -> str | None:
        if url is not None and not ORIGIN.fullmatch(url):
            raise ValueError("must be an origin, such as https://s3.example.com")
        return url
