"""One verb a module, its collaborators passed in; no AWS, HTTP, clock or environment inside."""
