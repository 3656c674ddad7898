"""The admin page: static files at `/` and below `/assets`, and what guards them."""
