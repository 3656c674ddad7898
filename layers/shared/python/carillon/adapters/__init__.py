"""The only code that knows boto3, requests, the wall clock and randomness."""
