"""Ways in and out: files that people bring, messages that go out to them."""
