"""What AWS allows of a setting, as types of it."""

from typing import Annotated

from pydantic import Field

# "MaximumConcurrency" of an SQS event source is 2 to 1,000.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
Concurrency = Annotated[int, Field(ge=2, le=1000)]

# What is reserved is taken from what all other functions of the account share, and Lambda leaves
# them 100 of it; a new account has 10 in all and can reserve nothing.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
ReservedConcurrency = Annotated[int, Field(ge=1, le=10_000)] | None

# A Lambda function runs for at most 900 s; below 15 s a page of work and its checkpoint do not fit.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
FunctionTimeoutS = Annotated[int, Field(ge=15, le=900)]
