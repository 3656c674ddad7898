"""The Lambda functions, one folder each; none knows another."""
