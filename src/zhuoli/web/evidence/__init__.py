"""Evidence on screen: the scene in pictures on a phone, uploads that survive a broken line, the desk's player and proof."""
