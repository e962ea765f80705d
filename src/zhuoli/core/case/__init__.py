"""The life of a case: what is asked, what happens, what is then true."""
