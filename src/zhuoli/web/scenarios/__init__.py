"""The pages that explain each scenario, for officers and the curious."""
