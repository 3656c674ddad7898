"""What can be asked of the API, one module per noun."""
