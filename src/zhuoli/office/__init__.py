"""The one door to the ledger, and what stands around it: access, directory, inbox, worker."""
