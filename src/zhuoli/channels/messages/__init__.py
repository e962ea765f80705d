"""Messages that go out to people and units, and the links by which people answer them."""
