"""What a party lets a body outside the office read, such as its insurer: the pages of that body, and what both sides are told of it."""
