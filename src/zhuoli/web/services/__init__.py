"""The catalogue of services: what the offices do for people, in everyday words."""
