"""The only code that knows boto3, curl, the wall clock and randomness."""
