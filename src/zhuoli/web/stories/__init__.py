"""The worked examples as stories that a visitor of the demonstration clicks through."""
