"""What the evidence adds up to."""
